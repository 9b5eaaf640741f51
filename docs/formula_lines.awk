# Doxygen's filter of headers. A line of a comment that is indented by three spaces, such as
#     /// Stochastic gradient descent:
#     ///   v = μ v + g,         v = 0 at first
#     ///   θ = θ - learning_rate v
#     /// Parameters are changed in place.
# keeps a line of its own on the page, and so does what follows it.

{
    # Doxygen stumbles over specialisations in another library's namespace.
    sub(/^struct fmt::formatter/, "struct formatter")

    # Where the first sentence ends with its line, Doxygen begins a paragraph: nothing is to be broken there.
    line_break = begins_paragraph ? "" : "<br>"
    if ($0 !~ /^ *\/\/\//) has_brief = 0
    begins_paragraph = !has_brief && $0 ~ /^ *\/\/\/.*\.$/ && $0 !~ /\. /
    if ($0 ~ /^ *\/\/\/.*\.( |$)/) has_brief = 1

    if ($0 !~ /^ *\/\/\/ +[^ ]/) is_list = 0
    else if ($0 ~ /^ *\/\/\/ [-*] /) is_list = 1

    is_formula = !is_list && $0 ~ /^ *\/\/\/   [^ ]/
    if (is_formula) {
        match($0, /\/\/\/   /)
        before = substr($0, 1, RSTART + 3)
        formula = substr($0, RSTART + RLENGTH)
        gsub(/  +/, " \\&emsp; ", formula)
        sub(/ \&emsp; @/, " @", formula)
        $0 = before line_break "&emsp;" formula
    } else if (was_formula && $0 ~ /^ *\/\/\/ [^ @]/ || begins_with_formula && $0 ~ /^ *\/\/\/ [A-Z]/)
        sub(/\/\/\/ /, "/// " line_break)

    was_formula = is_formula
    # A formula with its derivatives behind it.
    begins_with_formula = !is_list && $0 ~ /\/\/\/ [^ ].*[;,]   /
    print
}
