/* replay: a recording, as it was or at another speed. */
#include "admin/replay.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/log_words.h"
#include "base/fd.h"
#include "base/message.h"

/* 0, or -1 after a message. */
static int read_number(
	const char *option, const char *text, double least, double most, double *number)
{
	char *end;

	if (text == NULL)
		return 0;
	*number = strtod(text, &end);
	if (text[strspn(text, "0123456789.")] == '\0' && text[0] != '\0' && *end == '\0' &&
		*number >= least && *number <= most)
		return 0;
	message_error("%s takes a number from %g to %g, not %s", option, least, most, text);
	return -1;
}

static int check(struct replay *replay)
{
	replay->speed = 1;
	if (!recording_is_id(replay->id)) {
		message_error("an id of a request is 32 hexadecimal digits, or the first ones of "
			      "them, at least 4");
		return -1;
	}
	if (replay->raw && !replay->force && !isatty(STDOUT_FILENO)) {
		message_error("--raw is for a terminal, which obeys what it is sent; --force "
			      "sends it elsewhere");
		return -1;
	}
	if (replay->force && !replay->raw) {
		message_error("--force is for --raw");
		return -1;
	}
	if (replay->json && (replay->raw || replay->text || replay->speed_text != NULL ||
				    replay->idle_text != NULL)) {
		message_error("--json prints the recording as it stands: --raw, --text, --speed and "
			      "--max-idle are not for it");
		return -1;
	}
	replay->paced = replay->paced && !replay->text && !replay->json && isatty(STDOUT_FILENO);
	if (read_number("--speed", replay->speed_text, 0.01, 1000, &replay->speed) < 0)
		return -1;
	return read_number("--max-idle", replay->idle_text, 0.01, 1e6, &replay->idle_most);
}

/*
 * What another host recorded, and was copied here to be looked at, has no record here where none
 * can be made: whoever has a copy can read it by any means. 0, or -1 after a message.
 */
static int record(const struct options *options, const struct replay *replay, enum record_kind kind,
	const struct recording *recording)
{
	const char *complaint = "there is no configuration";

	if (review_record(replay->arena, options, kind, recording, &complaint) == 0)
		return 0;
	if (kind == RECORD_REPLAY && review_is_elsewhere(replay->arena, replay->log, recording)) {
		message_warning("a log of the host %s; that it is looked at is not recorded here: %s",
			recording->host, complaint);
		return 0;
	}
	message_error("that it is looked at could not be recorded, so it is not shown: %s",
		complaint);
	message_info("%s; a copy of the log can be replayed on another host, with --log",
		geteuid() != 0 ? "root alone can record it"
			       : "records go to the kernel's audit, and where event_log says");
	return -1;
}

static int show(const struct options *options, struct replay *replay, struct log *log,
	enum record_kind kind)
{
	struct recording recording;
	const char *complaint = NULL;
	int result;

	result = recording_find(replay->arena, log, replay->id, &recording, &complaint);
	log_words_progress_end();
	if (result < 0)
		message_error("%s", complaint);
	else if (kind == RECORD_WATCH && recording.ended) {
		message_error("%s has ended; replay shows it", recording.request);
		result = -1;
	} else
		result = record(options, replay, kind, &recording);
	if (result == 0)
		result = replay_play(replay, log, &recording);
	fd_close(&recording.fd);
	return result;
}

int replay_run(const struct options *options, struct replay *replay, enum record_kind kind)
{
	const char *complaint = NULL;
	struct log *log;
	int result;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	replay->json = (options->given & OPTION_JSON) != 0;
	if (check(replay) < 0)
		return ADMIN_WRONG;
	log = log_open(replay->arena, replay->log, true, &complaint);
	if (log == NULL) {
		message_error("%s", complaint);
		return ADMIN_WRONG;
	}
	log_set_hooks(log, &log_words_hooks);
	result = show(options, replay, log, kind);
	log_close(log);
	return result == 0 ? ADMIN_OK : ADMIN_FOUND;
}

int replay_verb(const struct options *options)
{
	struct replay replay = {.arena = arena_new(), .paced = true};
	const struct log_word words[] = {{"--log", &replay.log, NULL, NULL},
		{"--speed", &replay.speed_text, NULL, NULL},
		{"--max-idle", &replay.idle_text, NULL, NULL}, {"--raw", NULL, &replay.raw, NULL},
		{"--force", NULL, &replay.force, NULL}, {"--text", NULL, &replay.text, NULL},
		{"--follow", NULL, &replay.follow, NULL}, {NULL, NULL, NULL, NULL}};
	int status = ADMIN_WRONG;

	if (log_words_parse(replay.arena, "replay", options, words, &replay.id) == 0)
		status = replay_run(options, &replay, RECORD_REPLAY);
	arena_free(replay.arena);
	return status;
}
