#pragma once

// What a thread records, and for how long: the recorder, its scopes, and recordings, which take a tape and
// give it back.

#include <autodiff/idle.hpp>
#include <autodiff/numbers/watch.hpp>
#include <autodiff/tape.hpp>

#include <utility>

namespace autodiff {

namespace detail {

/// No recording's number.
inline constexpr Session no_session = ~Session{0};

}  // namespace detail

/// What the calling thread is recording.
template <class Space>
struct Recorder {
    Tape<Space>* tape = nullptr;            ///< null where there is none
    Session session = 0;                    ///< of the tape; 0 where there is none
    Session recorded = detail::no_session;  ///< whose variables are recorded: the session's, or nobody's
    bool is_forwards = false;               ///< a part is being evaluated on dual numbers instead
    /// Of scalars: the variable whose statement, the last one, may be extended.
    StatementId growing = nothing_grows;

    /// In place of a variable: no statement may be extended.
    static constexpr StatementId nothing_grows = ~StatementId{0};

    /// Whether ops on the session's variables are recorded: not while it is paused, say.
    bool recording() const { return recorded == session; }
    /// To be called by whoever writes a statement of scalars: the one before is no longer the last.
    void end_growth() { growing = nothing_grows; }
    /// The same tape under a new session: all its variables so far become foreign.
    void renew(Session now)
    {
        recorded = recording() ? now : detail::no_session;
        session = now;
        end_growth();
    }
};

/// The recorder of the calling thread.
template <class Space>
inline constinit thread_local Recorder<Space> recorder{};

namespace detail {

/// Sessions that no other thread has, [next, end).
struct SessionNumbers {
    Session next = 0, end = 0, lot = 1;
    void take_more();
};
inline constinit thread_local SessionNumbers session_numbers{};

inline Session new_session()
{
    if (session_numbers.next == session_numbers.end) [[unlikely]]
        session_numbers.take_more();
    const Session session = session_numbers.next++;
    return session != 0 && session != no_session ? session : new_session();
}

[[noreturn]] void throw_foreign_variable(const char* op);
[[noreturn]] void throw_pause_forwards();

}  // namespace detail

/// Whether ops on a variable of this session are to be recorded now. @throws RecordingError if the variable
/// belongs to a recording that is over, to one of another thread, or to another one of this thread.
template <class Space>
inline bool is_recorded(Session session, const char* op)
{
    if (session == 0) return false;
    const Recorder<Space>& now = recorder<Space>;
    if (session != now.session) [[unlikely]]
        detail::throw_foreign_variable(op);
    return now.recording();
}

/// Sets what this thread records, for a scope. No statement grows across its ends: variables may be copied
/// while another tape is the recorder's.
template <class Space>
class RecorderScope {
public:
    explicit RecorderScope(Recorder<Space> state) : before_(recorder<Space>) { enter(state); }
    RecorderScope(const RecorderScope&) = delete;
    RecorderScope& operator=(const RecorderScope&) = delete;
    ~RecorderScope() { enter(before_); }

private:
    static void enter(const Recorder<Space>& state)
    {
        recorder<Space> = state;
        recorder<Space>.end_growth();
    }

    Recorder<Space> before_;
};

/// Ops within this scope compute values only.
/// @throws RecordingError in a function that is evaluated on dual numbers, which no pause stops.
template <class Space>
class PauseRecording : RecorderScope<Space> {
public:
    PauseRecording() : RecorderScope<Space>(paused()) {}

private:
    static Recorder<Space> paused()
    {
        const Recorder<Space>& now = recorder<Space>;
        if (now.is_forwards) detail::throw_pause_forwards();
        return {now.tape, now.session};
    }
};

/// A stretch of a tape, from `first` on. Where linear maps can be recorded, a recording within another
/// session continues that session's tape: the outer gradient can then differentiate the inner one's sweep.
/// Otherwise it takes a tape of its own.
template <class Space>
class Recording {
public:
    Recording()
    {
        const Recorder<Space>& outer = recorder<Space>;
        if (Space::maps_are_recordable && outer.session != 0) {
            tape_ = outer.tape;
            session_ = outer.session;
            outer_records_ = outer.recording();
            tape_->note_nested_sweep();
        } else {
            own_ = detail::Lent<Tape<Space>>::take();
            tape_ = &*own_;
            session_ = detail::new_session();
            if constexpr (!Space::maps_are_recordable)
                if (detail::watch) [[unlikely]]
                    tape_->watch(true);
        }
        first_ = tape_->size();
    }
    Recording(Recording&& other) noexcept
        : own_(std::move(other.own_)),
          tape_(std::exchange(other.tape_, nullptr)),
          session_(other.session_),
          first_(other.first_),
          outer_records_(other.outer_records_)
    {
    }
    Recording& operator=(Recording&&) = delete;
    ~Recording()
    {
        if (!tape_) return;
        tape_->drop_open_links();
        if (own_ && tape_->is_watched()) tape_->watch(false);
        if (outer_records_) return;
        tape_->truncate(first_);
    }

    /// The one it is a stretch of.
    Tape<Space>& tape() const { return *tape_; }
    /// What its variables carry.
    Session session() const { return session_; }
    /// Makes all its variables foreign, up to those that are told the new session.
    void renew_session() { session_ = detail::new_session(); }
    /// Where its stretch begins.
    Node first() const { return first_; }
    /// True if an outer recording goes on around this one: its sweep is recorded, too.
    bool is_nested() const { return outer_records_; }
    /// The recorder's state while the function runs, and while its tape is swept.
    Recorder<Space> running() const { return {tape_, session_, session_}; }
    /// @throws RecordingError if this recording is part of an outer one that is over.
    Recorder<Space> sweeping() const
    {
        if (!own_ && recorder<Space>.session != session_) detail::throw_foreign_variable("pullback");
        return {tape_, session_, outer_records_ ? session_ : detail::no_session};
    }

private:
    detail::Lent<Tape<Space>> own_;
    Tape<Space>* tape_ = nullptr;
    Session session_ = 0;
    Node first_ = 0;
    bool outer_records_ = false;
};

}  // namespace autodiff
