#include "shell/typing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SEQUENCE_PAUSE = 100, /* ms in which the bytes of one key come */
	BURST_PAUSE = 20,     /* ms between two parts of one paste */
	CHUNK = 4096,
};

/* Set by handlers that run only inside ppoll(): everywhere else the signals are blocked. */
static volatile sig_atomic_t interrupted, resized, hung_up;

static void on_signal(int number)
{
	if (number == SIGINT)
		interrupted = 1;
	else if (number == SIGWINCH)
		resized = 1;
	else
		hung_up = 1;
}

void typing_catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGWINCH, SIGHUP, SIGTERM};
	struct sigaction action = {.sa_handler = on_signal};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

void typing_begin(struct typing *typing)
{
	typing->why = EDITOR_END;
	typing->keys = (struct keys){.state = KEYS_TEXT};
	typing->next = typing->ready = 0;
	paste_forget(&typing->paste);
	interrupted = 0;
}

/* Until there is something to read; false: there is a reason to stop. */
static bool wait_for_bytes(struct typing *typing)
{
	const struct shell *shell = typing->shell;
	bool idle = shell->job.pid == 0;
	struct pollfd items[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.events = POLLIN},
	};

	for (;;) {
		if (interrupted || hung_up) {
			typing->why = hung_up ? EDITOR_HANGUP : EDITOR_INTERRUPTED;
			return false;
		}
		if (resized) {
			resized = 0;
			typing->resized(typing->context);
		}
		items[1].fd = idle ? shell->socket : -1;
		if (ppoll(items, 2, NULL, &shell->signals) < 0 && errno != EINTR)
			return false;
		if (interrupted || hung_up || resized)
			continue;
		if (items[1].revents != 0 && !typing->hear(typing->context)) {
			typing->why = EDITOR_GATEWAY;
			return false;
		}
		if (items[0].revents != 0)
			return true;
	}
}

/* What is there now, behind what was read before. 1; 0 or -1 as read(2). */
static int read_more(struct typing *typing)
{
	ssize_t got;

	if (typing->at == typing->end)
		typing->at = typing->end = 0;
	if (typing->room - typing->end < CHUNK) {
		char *more = realloc(typing->ahead, typing->end + CHUNK);

		if (more == NULL)
			return -1;
		typing->ahead = more;
		typing->room = typing->end + CHUNK;
	}
	got = read(STDIN_FILENO, typing->ahead + typing->end, CHUNK);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (got > 0)
		typing->end += (size_t)got;
	return got > 0 ? 1 : (int)got;
}

/* Of a paste that nobody marked, all lines: a command would have those that are still to come. */
static void read_ahead(struct typing *typing)
{
	struct pollfd item = {.fd = STDIN_FILENO, .events = POLLIN};
	int pause = typing->at < typing->end ? BURST_PAUSE : 0;

	while (typing->end - typing->at < TYPING_AHEAD_MAX && poll(&item, 1, pause) > 0 &&
		(item.revents & POLLIN) && read_more(typing) > 0)
		pause = BURST_PAUSE;
}

static void look_at(struct typing *typing, char byte)
{
	if (typing->keys.state != KEYS_PASTE) {
		typing->ready = keys_take(&typing->keys, byte, typing->held);
		/* Nobody's key: it stands for a paste. */
		if (typing->ready == 1 && typing->held[0] == TYPING_PASTE)
			typing->ready = 0;
	} else if (paste_take(&typing->paste, byte)) {
		typing->keys = (struct keys){.state = KEYS_TEXT};
		typing->held[0] = TYPING_PASTE;
		typing->ready = 1;
	}
	if (typing->ready == 1 && (typing->held[0] == '\n' || typing->held[0] == '\r'))
		read_ahead(typing);
}

int typing_next(struct typing *typing, char *byte)
{
	while (typing->next == typing->ready) {
		struct pollfd item = {.fd = STDIN_FILENO, .events = POLLIN};
		int got = 1;

		typing->next = typing->ready = 0;
		if (typing->at < typing->end) {
			look_at(typing, typing->ahead[typing->at++]);
			continue;
		}
		if (keys_hold(&typing->keys) && poll(&item, 1, SEQUENCE_PAUSE) == 0) {
			typing->ready = keys_give_up(&typing->keys, typing->held);
			continue;
		}
		if (!wait_for_bytes(typing))
			return -2;
		got = read_more(typing);
		if (got <= 0)
			return got;
	}
	*byte = typing->held[typing->next++];
	return 1;
}

bool typing_interrupted(struct typing *typing)
{
	static const struct timespec now;
	bool was;

	(void)ppoll(NULL, 0, &now, &typing->shell->signals);
	was = interrupted != 0;
	interrupted = 0;
	return was || hung_up;
}

size_t typing_drop(struct typing *typing)
{
	size_t lines = 0;

	for (size_t i = typing->at; i < typing->end; i++)
		lines += typing->ahead[i] == '\n' || typing->ahead[i] == '\r' ||
			 i + 1 == typing->end;
	free(typing->ahead);
	typing->ahead = NULL;
	typing->at = typing->end = typing->room = 0;
	return lines;
}
