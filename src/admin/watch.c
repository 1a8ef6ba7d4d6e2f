/* watch: what somebody does right now, as far as it is recorded. */
#include "admin/log_words.h"
#include "admin/replay.h"

int watch_verb(const struct options *options)
{
	struct replay replay = {.arena = arena_new(), .follow = true};
	const struct log_word words[] = {{"--log", &replay.log, NULL, NULL},
		{"--raw", NULL, &replay.raw, NULL}, {"--force", NULL, &replay.force, NULL},
		{NULL, NULL, NULL, NULL}};
	int status = ADMIN_WRONG;

	if (log_words_parse(replay.arena, "watch", options, words, &replay.id) == 0)
		status = replay_run(options, &replay, RECORD_WATCH);
	arena_free(replay.arena);
	return status;
}
