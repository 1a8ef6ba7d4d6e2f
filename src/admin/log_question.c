#include "admin/log_question.h"

#include <string.h>
#include <time.h>

#include "admin/log_words.h"
#include "base/message.h"
#include "policy/reason.h"

enum { FOLLOW_LAST = 10, LOGIN_DIGITS = 10, NUMBER_DIGITS = 18 };

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

static int check_id(const char *option, const char *id)
{
	size_t length = id == NULL ? 32 : strspn(id, "0123456789abcdef");

	if (length >= 4 && length <= 32 && (id == NULL || id[length] == '\0'))
		return 0;
	message_error("%s takes the 32 hexadecimal digits of an id, or the first ones of "
		      "them, at least 4, not %s",
		option, id);
	return -1;
}

/* As the log has it: a zero in front would be found nowhere. */
static bool is_number(const char *text, size_t digits)
{
	return text[0] >= '0' && text[0] <= '9' && (text[0] != '0' || text[1] == '\0') &&
	       strlen(text) <= digits && strspn(text, "0123456789") == strlen(text);
}

static int check_session(const char *session)
{
	if (session == NULL || log_is_session(session) || is_number(session, LOGIN_DIGITS))
		return 0;
	message_error("--session takes the 16 hexadecimal digits of a session, or the number of a "
		      "login, which is oses= in records, not %s",
		session);
	return -1;
}

static int check_approval(const char *approval)
{
	if (approval == NULL || is_number(approval, NUMBER_DIGITS))
		return 0;
	message_error("--approval takes the number of an approval, not %s", approval);
	return -1;
}

/* Those of rolegate-records(5). Not refused: a log of another version may have others. */
static void check_operation(const char *operation)
{
	static const char *const known[] = {"approval", "chain", "check", "clock", "decision",
		"disk-free", "disk-full", "drive", "end", "expired", "forward", "load-config",
		"recorder-peer", "recorder-start", "recorder-stop", "repeated", "replay", "session",
		"sign", "step", "terminate", "torn", "transcript", "transcript-open",
		"transcript-part", "trial", "watch"};

	if (operation == NULL)
		return;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(operation, known[i]) == 0)
			return;
	message_warning("--op: there is no op=%s in rolegate-records(5)", operation);
}

/* As there. */
static void check_reason(const char *reason)
{
	if (reason == NULL)
		return;
	for (int i = 0; i <= REASON_LIMIT; i++)
		if (strcmp(reason, reason_code((enum reason)i)) == 0)
			return;
	message_warning("--reason: there is no code %s in rolegate(1)", reason);
}

static int check_query(const struct log_query *query)
{
	check_operation(query->operation);
	check_reason(query->reason);
	return check_id("--request", query->request) < 0 ||
			       check_id("--pipeline", query->pipeline) < 0 ||
			       check_session(query->session) < 0 ||
			       check_approval(query->approval) < 0
		       ? -1
		       : 0;
}

static int check(struct log_question *question)
{
	uint64_t last = 0;

	if (question->csv + question->json + question->full > 1) {
		message_error("log: --csv, --json and --full exclude each other");
		return -1;
	}
	if (question->last != NULL &&
		log_words_number("--last", question->last, 1, LOG_LAST_MAX, &last) < 0)
		return -1;
	question->rows = last == 0 && question->follow ? FOLLOW_LAST : (size_t)last;
	/*
	 * An operation by name is about events; whoever wants ends has no use for them in rows. Of
	 * an approval they are who asked, who decided, and what ran by it.
	 */
	question->every = question->every || question->query.operation != NULL ||
			  question->query.approval != NULL;
	return read_time("--since", question->since, &question->query.since) < 0 ||
			       read_time("--until", question->until, &question->query.until) < 0
		       ? -1
		       : check_query(&question->query);
}

int log_question_read(
	struct arena *arena, const struct options *options, struct log_question *question)
{
	struct log_query *query = &question->query;
	const struct log_word words[] = {{"--user", &query->user, NULL, NULL},
		{"--role", &query->role, NULL, NULL}, {"--command", &query->command, NULL, NULL},
		{"--run-as", &query->run_as, NULL, NULL},
		{"--endpoint", &query->endpoint, NULL, NULL}, {"-e", &query->endpoint, NULL, NULL},
		{"--denied", NULL, &query->denied, NULL}, {"--since", &question->since, NULL, NULL},
		{"--until", &question->until, NULL, NULL},
		{"--request", &query->request, NULL, NULL}, {"--op", &query->operation, NULL, NULL},
		{"--pipeline", &query->pipeline, NULL, NULL},
		{"--session", &query->session, NULL, NULL},
		{"--approval", &query->approval, NULL, NULL},
		{"--reason", &query->reason, NULL, NULL}, {"--last", &question->last, NULL, NULL},
		{"--log", &question->path, NULL, NULL}, {"--follow", NULL, &question->follow, NULL},
		{"--all", NULL, &question->every, NULL}, {"--csv", NULL, &question->csv, NULL},
		{"--full", NULL, &question->full, NULL}, {NULL, NULL, NULL, NULL}};

	*question = (struct log_question){.json = (options->given & OPTION_JSON) != 0};
	if (log_words_parse(arena, "log", options, words, NULL) < 0)
		return -1;
	return check(question);
}
