/* A silent command still runs: one line says so, and leaves no trace. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "client/run.h"

enum {
	SILENCE = 5000,	    /* ms */
	INTERVAL = 1000,    /* ms between two of its seconds */
	COLUMNS_LEAST = 60, /* it must not be wrapped: half of it could not be erased */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void alive_start(struct run *run)
{
	run->alive.possible = run->options->alive && run->screen >= 0 &&
			      tty_is_capable(run->screen) && run->tty.fd >= 0;
	run->alive.at_start = true;
	run->alive.begun = now();
	alive_quiet_since_now(run);
}

void alive_quiet_since_now(struct run *run)
{
	if (!run->alive.possible)
		return;
	run->alive.silent = now();
	run->alive.next = run->alive.silent + SILENCE;
}

void alive_erase(struct run *run)
{
	static const char erase[] = "\r\033[K";

	if (!run->alive.shown)
		return;
	run->alive.shown = false;
	(void)!fd_write_all(run->screen, erase, strlen(erase));
}

void alive_saw(struct run *run, const uint8_t *bytes, size_t length)
{
	if (!run->alive.possible || length == 0)
		return;
	/* It draws: the screen is its own. */
	if (memchr(bytes, '\033', length) != NULL)
		run->alive.possible = false;
	run->alive.at_start = bytes[length - 1] == '\n';
	alive_quiet_since_now(run);
}

static bool may_show(const struct run *run)
{
	return run->started && !run->over && run->alive.possible && run->alive.at_start &&
	       run->tty.raw && run->output_length == 0;
}

int alive_timeout(const struct run *run)
{
	int64_t left;

	if (!may_show(run))
		return -1;
	left = run->alive.next - now();
	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void alive_show(struct run *run)
{
	int64_t time = now();
	char line[80];

	if (!may_show(run) || time < run->alive.next)
		return;
	run->alive.next = time + INTERVAL;
	if (tty_window(run->screen).columns < COLUMNS_LEAST || !tty_in_foreground(run->tty.fd))
		return;
	snprintf(line, sizeof(line), "\r(still running, %lld s; ^C interrupts)",
		(long long)(time - run->alive.begun) / 1000);
	run->alive.shown = fd_write_all(run->screen, line, strlen(line)) == 0;
}
