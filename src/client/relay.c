/*
 * Between the operator's terminal and the gateway's pty. Nothing piles up here: input is read only
 * when the last of it was sent, and a packet is received only when the last one was shown, so that
 * a slow side slows the other.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "client/run.h"
#include "client/signals.h"

enum {
	OUTPUT_CHUNK = 4096,
	BACKGROUND_MILLISECONDS = 400, /* nothing tells us that we are in the foreground again */
};

#define ENDING (SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGTERM))
#define RELAYED (ENDING | SIGNAL_BIT(SIGUSR1) | SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(SIGTSTP))

static int lowest(uint64_t set)
{
	return __builtin_ctzll(set);
}

static bool is_due(const struct run *run)
{
	return run->started && !run->deaf &&
	       (run->unsent || run->signals != 0 || run->window_changed || run->continue_due ||
		       run->input_length > 0);
}

static void resume(struct run *run)
{
	if (run->started)
		(void)tty_make_raw(&run->tty);
	run->window_changed = run->screen >= 0;
}

void relay_stop(struct run *run)
{
	alive_erase(run);
	tty_restore(&run->tty);
	if (run->options->alone)
		(void)raise(SIGSTOP);
	else
		signals_stop_group();
	run->continue_due = true;
	alive_quiet_since_now(run);
	resume(run);
}

/* The person is gone. What becomes of the program is the gateway's to say (R16). */
static void lose_terminal(struct run *run)
{
	packet_restart(&run->writer, PACKET_SIGNAL);
	packet_put_u32(&run->writer, SIGHUP);
	(void)packet_send(run->socket, &run->writer, NULL, 0);
	run_lose(run, 128 + SIGHUP);
}

static void take_signals(struct run *run)
{
	uint64_t got = signals_take();

	if (got & SIGNAL_BIT(SIGWINCH))
		run->window_changed = run->screen >= 0;
	if (got & SIGNAL_BIT(SIGCONT))
		resume(run);
	if (run->started) {
		run->signals |= got & RELAYED;
	} else if (got & ENDING) {
		run_lose(run, 128 + lowest(got & ENDING));
	} else {
		run->signals |= got & RELAYED & ~SIGNAL_BIT(SIGTSTP);
		if (got & SIGNAL_BIT(SIGTSTP))
			signals_stop_group();
	}
}

static void read_input(struct run *run)
{
	ssize_t got = read(run->tty.fd, run->input, INPUT_CHUNK);

	if (got > 0) {
		run->input_length = (size_t)got;
		alive_quiet_since_now(run);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		lose_terminal(run);
	}
}

static void show_output(struct run *run)
{
	size_t chunk = run->output_length < OUTPUT_CHUNK ? run->output_length : OUTPUT_CHUNK;
	ssize_t shown;

	alive_erase(run);
	shown = write(run->screen, run->output, chunk);
	if (shown >= 0) {
		alive_saw(run, run->output, (size_t)shown);
		run->output += shown;
		run->output_length -= (size_t)shown;
	} else if (errno != EAGAIN && errno != EINTR) {
		lose_terminal(run);
	}
}

/* The next packet that is due; what it says is no longer due then. */
static void write_due(struct run *run)
{
	struct packet_writer *writer = &run->writer;
	struct packet_window window;

	if (run->signals != 0) {
		packet_restart(writer, PACKET_SIGNAL);
		packet_put_u32(writer, (uint32_t)lowest(run->signals));
		run->signals &= run->signals - 1;
	} else if (run->window_changed) {
		window = tty_window(run->screen);
		packet_restart(writer, PACKET_WINDOW);
		packet_put_window(writer, &window);
		run->window_changed = false;
	} else if (run->continue_due) {
		packet_restart(writer, PACKET_CONTINUE);
		run->continue_due = false;
	} else {
		packet_restart(writer, PACKET_INPUT);
		packet_put_bytes(writer, run->input, run->input_length);
		run->input_length = 0;
	}
}

static void send_due(struct run *run)
{
	if (!run->unsent)
		write_due(run);
	run->unsent = packet_send(run->socket, &run->writer, NULL, 0) < 0;
	if (!run->unsent || errno == EAGAIN || errno == EINTR)
		return;
	/* It is gone, but its last words may still be there to read. */
	if (errno == EPIPE || errno == ECONNRESET)
		run->deaf = true;
	else
		run_fail(run, "can't send to the gateway: %s", strerror(errno));
}

static bool is_reading(const struct run *run)
{
	return run->started && run->tty.raw && run->input_length == 0 && !run->unsent;
}

static void serve(struct run *run, const struct pollfd *items)
{
	if (items[0].revents != 0)
		take_signals(run);
	if (!run->over && items[3].revents != 0)
		show_output(run);
	if (!run->over && items[2].revents != 0 && is_reading(run))
		read_input(run);
	if (!run->over && (items[1].revents & POLLOUT) && is_due(run))
		send_due(run);
}

bool relay_turn(struct run *run)
{
	bool showing = run->output_length > 0;
	short events = (short)((showing ? 0 : POLLIN) | (is_due(run) ? POLLOUT : 0));
	bool background = run->started && run->tty.fd >= 0 && !run->tty.raw;
	struct pollfd items[] = {
		{.fd = run->wake, .events = POLLIN},
		{.fd = events == 0 ? -1 : run->socket, .events = events},
		{.fd = is_reading(run) ? run->tty.fd : -1, .events = POLLIN},
		{.fd = showing ? run->screen : -1, .events = POLLOUT},
	};

	if (poll(items, 4, background ? BACKGROUND_MILLISECONDS : alive_timeout(run)) < 0) {
		if (errno != EINTR && errno != EAGAIN)
			run_fail(run, "can't wait for the gateway: %s", strerror(errno));
		return false;
	}
	if (background && tty_in_foreground(run->tty.fd))
		resume(run);
	serve(run, items);
	if (!run->over && !showing && items[1].revents == 0)
		alive_show(run);
	return !run->over && !showing && (items[1].revents & (POLLIN | POLLHUP | POLLERR));
}
