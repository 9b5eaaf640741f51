// The tape by itself: statements, links, sweeps, and how recordings take and give back tapes.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

#include <set>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

using Space = ScalarSpace<double>;
using Numbers = Tape<Space>;

/// y = 2 x₀ + 3 x₁;  z = y · y at y = 5;  unused = 7 x₀.
Numbers small_tape()
{
    Numbers tape;
    tape.add_leaf();
    tape.add_leaf();
    tape.add_link(0, 2);
    tape.add_link(1, 3);
    const Node y = tape.end_statement();
    tape.add_link(y, 5);
    tape.add_link(y, 5);
    tape.end_statement();
    tape.add_link(0, 7);
    tape.end_statement();
    return tape;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_statement_is_a_row_of_links)
{
    const Numbers tape = small_tape();
    BOOST_TEST(tape.size() == 5u);
    BOOST_TEST(tape.link_count() == 5u);
    BOOST_TEST(tape.first_link(0) == 0u);
    BOOST_TEST(tape.end_link(1) == 0u);
    BOOST_TEST(tape.first_link(2) == 0u);
    BOOST_TEST(tape.end_link(2) == 2u);
    BOOST_TEST(tape.argument(1) == 1u);
    BOOST_TEST(tape.map(1) == 3);
    BOOST_TEST(tape.bytes() == 5 * sizeof(Node) + 5 * (sizeof(Node) + sizeof(double)));
}

BOOST_AUTO_TEST_CASE(the_reverse_sweep_adds_up_adjoints)
{
    const Numbers tape = small_tape();
    Cotangents<Space> adjoints(0, 4);
    adjoints[3] = 1;
    pull(tape, adjoints, 2);
    BOOST_TEST(adjoints[0] == 20);
    BOOST_TEST(adjoints[1] == 30);
    BOOST_TEST(adjoints[2] == 0);  // taken when it was passed on
}

BOOST_AUTO_TEST_CASE(the_forward_sweep_adds_up_tangents)
{
    const Numbers tape = small_tape();
    Cotangents<Space> tangents(0, 5);
    tangents[0] = 1;
    tangents[1] = -1;
    push(tape, tangents, 2);
    BOOST_TEST(tangents[2] == -1);
    BOOST_TEST(tangents[3] == -10);
    BOOST_TEST(tangents[4] == 7);
}

BOOST_AUTO_TEST_CASE(a_sweep_of_a_stretch_leaves_out_what_lies_before_it)
{
    const Numbers tape = small_tape();
    Cotangents<Space> adjoints(1, 4);
    adjoints[3] = 1;
    pull(tape, adjoints, 1);
    BOOST_TEST(adjoints[1] == 30);

    std::vector<std::pair<Node, double>> before;
    Cotangents<Space> again(1, 4);
    again[3] = 1;
    pull(tape, again, 1, nullptr, [&](Node argument, double value) { before.emplace_back(argument, value); });
    BOOST_TEST(before.size() == 1u);
    BOOST_TEST(before[0].first == 0u);
    BOOST_TEST(before[0].second == 20);
}

BOOST_AUTO_TEST_CASE(dependence_is_on_the_leaves_of_the_stretch)
{
    const Numbers tape = small_tape();
    const std::vector<bool> on_first = depends_on_leaves(tape, 0, 1, 5);
    const std::vector<bool> expected{true, false, true, true, true};
    BOOST_TEST(on_first == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_truncated_tape_is_as_if_the_rest_had_never_been)
{
    Numbers tape = small_tape();
    tape.add_link(0, 1);  // an unfinished statement
    tape.drop_open_links();
    BOOST_TEST(tape.link_count() == 5u);
    tape.truncate(2);
    BOOST_TEST(tape.size() == 2u);
    BOOST_TEST(tape.link_count() == 0u);
    tape.add_link(1, 4);
    BOOST_TEST(tape.end_statement() == 2u);
    BOOST_TEST(tape.map(0) == 4);
    tape.truncate(0);
    BOOST_TEST(tape.size() == 0u);
}

// One limit says how many links may be written without a look at the rows, each with a row of its own.
BOOST_AUTO_TEST_CASE(there_is_no_room_for_a_link_without_a_row)
{
    Numbers tape;
    tape.add_leaf();
    tape.add_link(0, 1);
    tape.end_statement();
    BOOST_TEST(tape.has_room(100));
    std::size_t rows = 0;
    while (tape.has_room(rows + 1)) ++rows;
    tape.add_leaves(rows - 1);
    BOOST_TEST(tape.has_room(1));
    BOOST_TEST(!tape.has_room(2));
    tape.add_leaf();
    BOOST_TEST(!tape.has_room(1));
    tape.truncate(2);
    BOOST_TEST(tape.has_room(rows));
    BOOST_TEST(!tape.has_room(rows + 1));
    for (std::size_t i = 0; i < 3; ++i) tape.add_link(0, 1);
    tape.drop_open_links();
    BOOST_TEST(tape.has_room(rows));
    // However it grows, it holds what has been written.
    for (Node i = 0; i < 10'000; ++i) {
        for (Node links = 0; links < i % 7; ++links) tape.add_link(i % 2, i + 0.1 * links);
        BOOST_TEST_REQUIRE(tape.end_statement() == i + 2);
        if (i % 5 == 0) tape.add_link(0, -1), tape.drop_open_links();
    }
    for (Node i = 0; i < 10'000; ++i) {
        const Node first = tape.first_link(i + 2);
        BOOST_TEST_REQUIRE(tape.end_link(i + 2) - first == i % 7);
        for (Node link = 0; link < i % 7; ++link) {
            BOOST_TEST_REQUIRE(tape.argument(first + link) == i % 2);
            BOOST_TEST_REQUIRE(tape.map(first + link) == i + 0.1 * link);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_recording_has_a_session_of_its_own)
{
    std::set<Session> sessions;
    for (int i = 0; i < 100; ++i) sessions.insert(Recording<Space>().session());
    BOOST_TEST(sessions.size() == 100u);
    BOOST_TEST(!sessions.contains(0));
}

BOOST_AUTO_TEST_CASE(recordings_take_turns_with_the_same_tape)
{
    const Numbers* tape = nullptr;
    {
        const Recording<Space> recording;
        tape = &recording.tape();
        recording.tape().add_leaf();
    }
    const Recording<Space> next;
    BOOST_TEST(&next.tape() == tape);
    BOOST_TEST(next.tape().size() == 0u);
    const Recording<Space> beside;
    BOOST_TEST(&beside.tape() != tape);
}

BOOST_AUTO_TEST_CASE(a_recording_of_tensors_within_another_continues_its_tape)
{
    using Tensors = TensorSpace<double>;
    const Recording<Tensors> outer;
    const RecorderScope<Tensors> running(outer.running());
    outer.tape().add_leaf();
    {
        const Recording<Tensors> inner;
        BOOST_TEST(&inner.tape() == &outer.tape());
        BOOST_TEST(inner.session() == outer.session());
        BOOST_TEST(inner.first() == 1u);
        BOOST_TEST(inner.is_nested());
        inner.tape().add_leaf();
    }
    BOOST_TEST(outer.tape().size() == 2u);  // the outer sweep may need it
    {
        const PauseRecording<Tensors> paused;
        const Recording<Tensors> inner;
        BOOST_TEST(!inner.is_nested());
        inner.tape().add_leaf();
    }
    BOOST_TEST(outer.tape().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_paused_recording_computes_values_only)
{
    const auto f = [](const Tensor<>& x) {
        const PauseRecording<TensorSpace<double>> paused;
        return sum(x * x);
    };
    const auto [value, g] = value_and_gradient(f, Tensor<>{1, 2});
    BOOST_TEST(value.item() == 5);
    BOOST_TEST(g(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_scope_gives_the_recorder_back)
{
    const Recorder<Space> before = recorder<Space>;
    {
        const Recording<Space> recording;
        const RecorderScope<Space> running(recording.running());
        BOOST_TEST(recorder<Space>.recording());
        BOOST_TEST(is_recorded<Space>(recording.session(), "op"));
        BOOST_TEST(!is_recorded<Space>(0, "op"));
    }
    BOOST_TEST(recorder<Space>.session == before.session);
    BOOST_TEST(!recorder<Space>.recording());
}
