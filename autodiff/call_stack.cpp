#include <autodiff/call_stack.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include <cxxabi.h>
#include <unwind.h>

#ifdef ADJOINT_HAS_LIBBACKTRACE
#include <backtrace.h>
#endif

namespace autodiff::detail {

CallStack call_stack()
{
    // Between the user's call and here stand the library's own few frames.
    constexpr std::size_t most = 64;
    CallStack stack;
    stack.reserve(most);
    _Unwind_Backtrace(
        [](_Unwind_Context* context, void* into) {
            auto& addresses = *static_cast<CallStack*>(into);
            int is_before = 0;
            const auto address = static_cast<std::uintptr_t>(_Unwind_GetIPInfo(context, &is_before));
            // A return address stands behind the call, which may be the last instruction of its line.
            addresses.push_back(is_before != 0 ? address : address - 1);
            return addresses.size() < most ? _URC_NO_REASON : _URC_END_OF_STACK;
        },
        &stack);
    return stack;
}

namespace {

/// Whether a mangled name is one of the library, or of the standard library, which calls back from it.
bool is_of_library(std::string_view mangled)
{
    if (!mangled.starts_with("_Z")) return false;
    mangled.remove_prefix(2);
    // Before the outermost namespace: that the name is local (Z), nested (N), and a member's qualifiers.
    mangled.remove_prefix(std::min(mangled.find_first_not_of("ZNKVrRO"), mangled.size()));
    for (const std::string_view outermost : {"8autodiff", "2nn", "St", "Sa", "9__gnu_cxx"})
        if (mangled.starts_with(outermost)) return true;
    return false;
}

/// The folder that has autodiff/ and nn/, of a file within one of them.
std::string root_of(std::string_view file) { return std::string(file.substr(0, file.rfind("autodiff/"))); }

std::string demangled(const char* name)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
    return status == 0 ? text.get() : name;
}

/// Looks for the innermost call outside the library.
struct Search {
    std::string roots[2];  // of the library's sources, and of its headers
    std::string line, function;

    bool is_of_library_file(std::string_view file) const
    {
        for (const std::string& root : roots)
            for (const char* folder : {"autodiff/", "nn/"})
                if (file.find(root + folder) != std::string_view::npos) return true;
        return false;
    }
    /// A call, or one that was inlined there. Either name may be missing. Functions that only one file can
    /// see have no mangled name: the file tells.
    void look_at(const char* file, int number, const char* name)
    {
        if (!line.empty() || (name && is_of_library(name)) || (file && is_of_library_file(file))) return;
        if (file) line = fmt::format("{}:{}", file, number);
        else if (name && function.empty()) function = demangled(name);
    }
};

#ifdef ADJOINT_HAS_LIBBACKTRACE

void find(const CallStack& stack, Search& search)
{
    const auto ignore = [](void*, const char*, int) {};
    static backtrace_state* const state = backtrace_create_state(nullptr, 1, ignore, nullptr);
    for (const std::uintptr_t address : stack) {
        backtrace_pcinfo(
            state, address,
            [](void* into, std::uintptr_t, const char* file, int number, const char* name) {
                if (file) static_cast<Search*>(into)->look_at(file, number, name);
                return 0;
            },
            ignore, &search);
        if (!search.line.empty()) return;
        backtrace_syminfo(
            state, address,
            [](void* into, std::uintptr_t, const char* name, std::uintptr_t, std::uintptr_t) {
                if (name) static_cast<Search*>(into)->look_at(nullptr, 0, name);
            },
            ignore, &search);
        if (!search.function.empty()) return;
    }
}
constexpr const char* cure = "compile with -g for the line";

#else

void find(const CallStack&, Search&) {}
constexpr const char* cure = "the library was built without libbacktrace, which finds it";

#endif

}  // namespace

std::string users_line(const CallStack& stack, const std::string& header)
{
    Search search{{root_of(__FILE__), root_of(header)}, {}, {}};
    find(stack, search);
    if (!search.line.empty()) return search.line;
    if (!search.function.empty()) return fmt::format("{} ({})", search.function, cure);
    return fmt::format("an unknown line ({})", cure);
}

}  // namespace autodiff::detail
