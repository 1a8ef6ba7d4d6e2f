/* log: what happened, by who, what, when, and how it ended. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "admin/log_show.h"
#include "admin/log_words.h"
#include "base/message.h"

enum { FOLLOW_PAUSE = 200 * 1000 /* us */, FOLLOW_LAST = 10, LAST_MAX = 100 * 1000 * 1000 };

struct question {
	struct log_query query;
	const char *since, *until, *last, *path;
	bool follow, every, csv, json;
	size_t rows; /* the last so many; 0: all */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int read_time(const char *option, const char *text, int64_t *time)
{
	if (text == NULL)
		return 0;
	*time = log_parse_time(text, now(), strcmp(option, "--until") == 0);
	if (*time >= 0)
		return 0;
	message_error("%s takes 2026-11-29, 2026-11-29T08:00:00Z, or 90s, 30m, 8h, 7d ago, not %s",
		option, text);
	return -1;
}

static int check_request(const char *request)
{
	size_t length = request == NULL ? 32 : strspn(request, "0123456789abcdef");

	if (length >= 4 && length <= 32 && (request == NULL || request[length] == '\0'))
		return 0;
	message_error("--request takes the 32 hexadecimal digits of an id, or the first ones of "
		      "them, at least 4, not %s",
		request);
	return -1;
}

static int check(struct question *question)
{
	uint64_t last = 0;

	if (question->csv && question->json) {
		message_error("log: --csv and --json exclude each other");
		return -1;
	}
	if (question->last != NULL &&
		log_words_number("--last", question->last, 1, LAST_MAX, &last) < 0)
		return -1;
	question->rows = last == 0 && question->follow ? FOLLOW_LAST : (size_t)last;
	/* An operation by name is about events; whoever wants ends has no use for them in rows. */
	question->every = question->every || question->query.operation != NULL;
	return read_time("--since", question->since, &question->query.since) < 0 ||
			       read_time("--until", question->until, &question->query.until) < 0
		       ? -1
		       : check_request(question->query.request);
}

static int read_words(struct arena *arena, const struct options *options, struct question *question)
{
	struct log_query *query = &question->query;
	const struct log_word words[] = {{"--user", &query->user, NULL, NULL},
		{"--role", &query->role, NULL, NULL}, {"--command", &query->command, NULL, NULL},
		{"--run-as", &query->run_as, NULL, NULL},
		{"--endpoint", &query->endpoint, NULL, NULL}, {"-e", &query->endpoint, NULL, NULL},
		{"--denied", NULL, &query->denied, NULL}, {"--since", &question->since, NULL, NULL},
		{"--until", &question->until, NULL, NULL},
		{"--request", &query->request, NULL, NULL}, {"--op", &query->operation, NULL, NULL},
		{"--last", &question->last, NULL, NULL}, {"--log", &question->path, NULL, NULL},
		{"--follow", NULL, &question->follow, NULL},
		{"--all", NULL, &question->every, NULL}, {"--csv", NULL, &question->csv, NULL},
		{NULL, NULL, NULL, NULL}};

	*question = (struct question){.json = (options->given & OPTION_JSON) != 0};
	if (log_words_parse(arena, "log", options, words, NULL) < 0)
		return -1;
	return check(question);
}

static int print_event(void *context, const struct log_event *event)
{
	(void)context;
	fwrite(event->text, 1, event->length, stdout);
	putchar('\n');
	return ferror(stdout) ? 1 : 0;
}

/* Rows for the last so many requests: as many events back as it takes to find them. */
static int collect_last(struct log *log, const struct question *question, struct log_rows *rows,
	const char **complaint)
{
	struct log_query query = question->query;
	struct log_rows empty = *rows;
	int result;

	if (!question->every)
		query.until = 0;
	query.limit = question->every ? question->rows : question->rows * 4;
	for (;; query.limit *= 4) {
		*rows = empty;
		result = log_each(log, &query, log_rows_add, rows, complaint);
		if (result < 0 || question->every || rows->count > question->rows ||
			rows->seen < query.limit || query.limit > LAST_MAX)
			return result;
	}
}

static int collect(struct log *log, const struct question *question, struct log_rows *rows,
	const char **complaint)
{
	struct log_query query = question->query;

	if (question->rows > 0)
		return collect_last(log, question, rows, complaint);
	if (!question->every)
		query.until = 0;
	return log_each(log, &query, log_rows_add, rows, complaint);
}

static void print_rows(
	struct arena *arena, const struct question *question, const struct log_rows *rows)
{
	size_t from = question->rows > 0 && rows->count > question->rows
			      ? rows->count - question->rows
			      : 0;

	if (question->csv)
		log_show_csv(arena, rows, from, true);
	else
		log_show_table(arena, rows, from);
}

static int answer(struct arena *arena, struct log *log, const struct question *question,
	const char **complaint)
{
	struct log_rows rows = {
		.arena = arena, .every = question->every, .until = question->query.until};
	struct log_query query = question->query;
	int result;

	if (question->json) {
		query.limit = question->rows;
		return log_each(log, &query, print_event, NULL, complaint);
	}
	result = collect(log, question, &rows, complaint);
	log_words_progress_end();
	if (result >= 0)
		print_rows(arena, question, &rows);
	return result;
}

struct follower {
	const struct question *question;
	bool head;
};

/* A line when something began or was refused, and one when it ended. */
static int print_following(void *context, const struct log_event *event)
{
	struct follower *follower = context;
	struct arena *arena = arena_new();
	struct log_rows rows = {.arena = arena, .every = follower->question->every};

	(void)log_rows_add(&rows, event);
	if (rows.count > 0 && follower->question->csv)
		log_show_csv(arena, &rows, 0, false);
	else if (rows.count > 0)
		log_show_row(arena, &rows, 0, false);
	arena_free(arena);
	return 0;
}

static int follow(struct log *log, const struct question *question, const char **complaint)
{
	struct follower follower = {.question = question};
	int result = 0;

	while (result == 0 && fflush(stdout) == 0) {
		usleep(FOLLOW_PAUSE);
		result = log_more(log, &question->query,
			question->json ? print_event : print_following, &follower, complaint);
	}
	return result;
}

int log_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct question question;
	const char *complaint = NULL;
	struct log *log = NULL;
	int result = -1;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (read_words(arena, options, &question) == 0)
		log = log_open(arena, question.path, true, &complaint);
	if (log != NULL) {
		log_set_hooks(log, &log_words_hooks);
		result = answer(arena, log, &question, &complaint);
		if (result == 0 && question.follow)
			result = follow(log, &question, &complaint);
	}
	log_words_progress_end();
	if (complaint != NULL)
		message_error("%s", complaint);
	log_close(log);
	arena_free(arena);
	return result >= 0 ? ADMIN_OK : ADMIN_WRONG;
}
