/* How a run is ended: by whom, ever harder, and all that it started with it (R16). */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/relay.h"
#include "gateway/session.h"
#include "spawn/spawn.h"

/*
 * The group that has the terminal, which need not be the program's own. The terminal keeps the
 * number of one that has ended, and it may be anybody's by then: its leader must be of this
 * session.
 */
void relay_signal_foreground(const struct relay *relay, int number)
{
	pid_t group = relay->master < 0 ? -1 : tcgetpgrp(relay->master);

	if (relay->ended)
		return;
	if (group <= 1 || group == getpgrp() || getsid(group) != getsid(0))
		group = relay->pid;
	kill(-group, number);
}

void relay_begin_ending(struct relay *relay, int number, int grace, const char *by)
{
	if (relay->ending || relay->ended)
		return;
	relay->ending = true;
	relay->end.ended_by = by;
	relay->deadline = clock_now() + grace;
	relay_signal_foreground(relay, number);
	kill(-relay->pid, number);
	kill(-relay->pid, SIGCONT);
	relay_signal_foreground(relay, SIGCONT);
}

static void harder(struct relay *relay)
{
	if (!relay->ending) {
		relay->end.timed_out = true;
		relay_begin_ending(relay, SIGTERM, TIMEOUT_GRACE, "timeout");
		return;
	}
	relay->deadline = CLOCK_NEVER;
	kill(-relay->pid, SIGKILL);
	kill(relay->pid, SIGKILL);
	(void)cgroup_kill(relay->cgroup);
	if (!relay->outlives_client && spawn_kill_descendants(relay->pid) != 0)
		message_warning("what process %d started could not all be killed", (int)relay->pid);
}

void relay_check_deadline(struct relay *relay)
{
	if (relay->deadline != CLOCK_NEVER && clock_now() >= relay->deadline)
		harder(relay);
}

void relay_reap(struct relay *relay)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != relay->pid)
			continue;
		if (WIFSTOPPED(status)) {
			relay->stopped = WSTOPSIG(status);
			continue;
		}
		relay->ended = true;
		relay->end.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		relay->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		if (relay->end.ended_by == NULL && relay->end.signal != 0 &&
			relay->end.signal == relay->client_signal)
			relay->end.ended_by = "client-signal";
	}
}

/*
 * What forks and exits faster than it is found outlasts being killed one by one; its control group
 * goes all at once. Its own is killed first, the session's last, since that takes this process
 * elsewhere for a moment.
 */
void relay_end_descendants(const struct relay *relay)
{
	(void)cgroup_kill(relay->cgroup);
	if (spawn_kill_descendants(0) == 0 || (cgroup_kill_session(relay->session->support) == 0 &&
						      spawn_kill_descendants(0) == 0))
		return;
	message_warning("a run left processes behind that could not be killed");
}

static const char *ender(const struct session *session)
{
	switch (session->over) {
	case SESSION_STOP:
		return "gateway";
	case SESSION_PROTOCOL:
		return "protocol";
	case SESSION_LIMIT:
		return session->limits.passed;
	case SESSION_TERMINATED:
		return "terminated";
	default:
		return "client-gone";
	}
}

/* Nobody waits for what runs without a terminal, so that it can't be idle. */
static void check_limits(struct relay *relay)
{
	limits_check(relay->session, relay->master >= 0);
	if (!relay->regardless && limits_end_run(relay->session, relay->request))
		relay_begin_ending(relay, SIGHUP, HANGUP_GRACE, "terminated");
}

static void end_unrecorded(struct relay *relay)
{
	if (!relay->ending && !relay->ended)
		limits_notice(relay->session,
			"what runs is ended: its transcript can't be written any more");
	relay_begin_ending(relay, SIGTERM, TIMEOUT_GRACE, "recorder");
}

void relay_check_end(struct relay *relay)
{
	const struct session *session = relay->session;

	check_limits(relay);
	if (session->over != SESSION_OPEN && !relay->regardless &&
		(session->over != SESSION_GONE || !relay->outlives_client))
		relay_begin_ending(relay, SIGHUP, HANGUP_GRACE, ender(session));
	if (recording_must_end(&relay->request->recording))
		end_unrecorded(relay);
}
