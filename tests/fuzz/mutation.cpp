#include "mutation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace autodiff::tests {

namespace {

struct Piece {
    std::size_t begin, size;
};

Piece piece_of(const std::string& text, Random& random)
{
    const std::size_t begin = random.below(text.size());
    return {begin, 1 + random.below(std::min<std::size_t>(text.size() - begin, 32))};
}

/// A number of 1, 2, 4 or 8 bytes, in either order.
void set_extreme_bytes(std::string& text, Random& random)
{
    constexpr std::array<std::uint64_t, 10> extremes{0,
                                                     1,
                                                     0x7f,
                                                     0xff,
                                                     0x7fffffff,
                                                     0x80000000,
                                                     0xffffffffu,
                                                     std::uint64_t{1} << 40,
                                                     std::uint64_t{1} << 63,
                                                     ~std::uint64_t{0}};
    const std::size_t size = std::size_t{1} << random.below(4);
    if (text.size() < size) return;
    const std::size_t begin = random.below(text.size() - size + 1);
    std::uint64_t number = extremes[random.below(extremes.size())] - random.below(2);
    const bool little = random.below(2) != 0;
    for (std::size_t i = 0; i < size; ++i, number >>= 8)
        text[begin + (little ? i : size - 1 - i)] = static_cast<char>(number & 0xff);
}

/// A number in decimal digits, if there is one.
void set_extreme_digits(std::string& text, Random& random)
{
    constexpr std::array<std::string_view, 12> extremes{"0",
                                                        "-1",
                                                        "1e999",
                                                        "4294967296",
                                                        "1099511627776",
                                                        "4611686018427387904",
                                                        "9223372036854775807",
                                                        "9223372036854775808",
                                                        "18446744073709551615",
                                                        "18446744073709551616",
                                                        "nan",
                                                        "00000000000000000001"};
    constexpr std::string_view digits = "0123456789";
    std::size_t begin = text.find_first_of(digits, text.empty() ? 0 : random.below(text.size()));
    if (begin == std::string::npos) begin = text.find_first_of(digits);
    if (begin == std::string::npos) return;
    const std::size_t end = std::min(text.find_first_not_of(digits, begin), text.size());
    text.replace(begin, end - begin, extremes[random.below(extremes.size())]);
}

void change(std::string& text, const std::vector<std::string>& seeds, Random& random)
{
    if (text.empty()) {
        text.push_back(static_cast<char>(random.below(256)));
        return;
    }
    const auto [begin, size] = piece_of(text, random);
    const std::string& other = seeds[random.below(seeds.size())];
    switch (random.below(9)) {
        case 0: text[begin] = static_cast<char>(text[begin] ^ (1 << random.below(8))); break;
        case 1: text[begin] = static_cast<char>(random.below(256)); break;
        case 2: text.erase(begin, size); break;
        case 3: text.insert(begin, text.substr(begin, size)); break;
        case 4: text.resize(begin); break;
        case 5:
            if (!other.empty()) text.insert(begin, other.substr(random.below(other.size()), size));
            break;
        case 6: text.replace(begin, std::string::npos, other.substr(std::min(begin, other.size()))); break;
        case 7: set_extreme_bytes(text, random); break;
        default: set_extreme_digits(text, random); break;
    }
}

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, Random& random)
{
    std::string text = seeds[random.below(seeds.size())];
    for (std::size_t changes = 1 + random.below(5); changes > 0; --changes) change(text, seeds, random);
    return text;
}

}  // namespace autodiff::tests
