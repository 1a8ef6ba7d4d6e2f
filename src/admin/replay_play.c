/* A recording in its own time, or as it grows. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "admin/replay.h"
#include "base/message.h"
#include "log/files.h"

enum { FOLLOW_PAUSE = 150 /* ms */, END_TRIES = 10, FOREVER = -1 };

static volatile sig_atomic_t ended_by_signal;

static void take_signal(int number)
{
	ended_by_signal = number;
}

/* The terminal whose keys count, and how it was. */
struct keys {
	bool are_there;
	struct termios before;
};

static void keys_begin(struct keys *keys)
{
	const struct sigaction action = {.sa_handler = take_signal};
	struct termios now;

	keys->are_there = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
			  tcgetattr(STDIN_FILENO, &keys->before) == 0;
	if (!keys->are_there)
		return;
	now = keys->before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	keys->are_there = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
	for (const int *number = (const int[]){SIGINT, SIGTERM, SIGHUP, 0}; *number != 0; number++)
		(void)sigaction(*number, &action, NULL);
}

static void keys_end(const struct keys *keys)
{
	if (keys->are_there)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &keys->before);
}

/* The next key within so many ms; 0: none; 'q' when it is over. */
static char next_key(struct keys *keys, int milliseconds)
{
	struct pollfd input = {.fd = keys->are_there ? STDIN_FILENO : -1, .events = POLLIN};
	char key;

	if (ended_by_signal != 0)
		return 'q';
	if (poll(&input, 1, milliseconds) <= 0)
		return ended_by_signal != 0 ? 'q' : 0;
	if (read(STDIN_FILENO, &key, 1) == 1)
		return key;
	keys->are_there = false; /* the terminal has gone */
	return 0;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Waits, and on a blank until the next one. false: it is to end. */
static bool wait_for(struct keys *keys, int64_t milliseconds)
{
	int64_t until = now() + milliseconds;

	for (int64_t left = milliseconds; left >= 0; left = until - now()) {
		char key = next_key(keys, left > 1000 ? 1000 : (int)left);

		if (key == ' ') {
			int64_t paused = now();

			do
				key = next_key(keys, FOREVER);
			while (key != ' ' && key != 'q' && keys->are_there);
			until += now() - paused;
		}
		if (key == 'q')
			return false;
		if (left == 0)
			break;
	}
	return true;
}

struct player {
	const struct replay *replay;
	struct log *log;
	struct recording *recording;
	struct keys keys;
	struct replay_show show;
	uint64_t at; /* microseconds: of the last event */
	bool over;
};

static bool wait_until(struct player *player, uint64_t microseconds)
{
	const struct replay *replay = player->replay;
	double seconds = (double)(microseconds - player->at) / 1e6;

	if (microseconds <= player->at)
		return true;
	player->at = microseconds;
	if (!replay->paced)
		return true;
	if (replay->idle_most > 0 && seconds > replay->idle_most)
		seconds = replay->idle_most;
	fflush(stdout);
	return wait_for(&player->keys, (int64_t)(seconds * 1000 / replay->speed));
}

static void take_line(struct player *player, const struct log_line *line)
{
	struct arena *arena = arena_new();
	struct recording_event event;

	if (line->number == 1 && recording_is_header(line->text, line->length)) {
		if (player->replay->json)
			replay_show_line(line->text, line->length);
		arena_free(arena);
		return;
	}
	if (recording_read(arena, line->text, line->length, &event) < 0) {
		fflush(stdout);
		message_warning("%s:%llu: this is no line of a recording", player->recording->file,
			(unsigned long long)line->number);
	} else if (wait_until(player, event.microseconds)) {
		player->show.printed |= event.code == 'o' || event.code == 'e' ||
					 event.code == 'm';
		if (player->replay->json)
			replay_show_line(line->text, line->length);
		else
			replay_show_event(&player->show, &event);
	} else {
		player->over = true;
	}
	arena_free(arena);
}

/* At the end of the file: whether more may come. Asked first, so that nothing is missed. */
static bool may_grow(struct player *player, bool *had_ended)
{
	bool before = *had_ended;

	if (!player->replay->follow || before)
		return false;
	*had_ended = recording_has_ended(player->log, player->recording);
	fflush(stdout);
	if (*had_ended)
		return true; /* what came between */
	return wait_for(&player->keys, FOLLOW_PAUSE) && !ferror(stdout);
}

/* The record of how it ended is written after the recording's. */
static void await_end(struct player *player)
{
	for (int tries = 0; tries < END_TRIES && player->recording->over == 0; tries++) {
		if (recording_has_ended(player->log, player->recording) &&
			player->recording->over != 0)
			return;
		if (!wait_for(&player->keys, FOLLOW_PAUSE))
			return;
	}
}

int replay_play(const struct replay *replay, struct log *log, struct recording *recording)
{
	struct player player = {.replay = replay,
		.log = log,
		.recording = recording,
		.show = {.raw = replay->raw, .at_start = true}};
	bool had_ended = recording->ended, followed = replay->follow && !had_ended;
	enum log_lines_result got = LOG_LINES_END;
	struct log_lines lines = {0};
	struct log_line line = {0};

	if (followed)
		replay_say_start(recording);
	keys_begin(&player.keys);
	log_lines_start(replay->arena, &lines, recording->fd, 0, 1);
	do {
		while (!player.over && (got = log_lines_next(&lines, &line)) != LOG_LINES_END) {
			if (got == LOG_LINES_ERROR)
				break;
			take_line(&player, &line);
		}
	} while (!player.over && got != LOG_LINES_ERROR && may_grow(&player, &had_ended));
	if (replay->json)
		fflush(stdout);
	else
		replay_show_end(&player.show);
	if (!player.over && followed && got != LOG_LINES_ERROR)
		await_end(&player);
	keys_end(&player.keys);
	if (!player.over && got != LOG_LINES_ERROR)
		replay_say_end(recording, followed, player.show.printed);
	if (!player.over && got == LOG_LINES_END && line.length > 0)
		message_warning("%s: it ends in the middle of a line", recording->file);
	if (!player.over && got == LOG_LINES_ERROR)
		message_error("%s: %s", recording->file, strerror(errno));
	return player.over || got != LOG_LINES_ERROR ? 0 : -1;
}
