/* report: one page for reviewers, from the configuration and the event log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/check.h"
#include "base/message.h"
#include "log/log.h"
#include "report/report.h"

struct wanted {
	const char *html, *log;
	int64_t since, until;
	bool json;
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int take_time(const char *name, const char *text, int64_t *time)
{
	*time = log_parse_time(text, now(), strcmp(name, "--until") == 0);
	if (*time >= 0)
		return 0;
	message_error("report: %s %s: expected a time (2026-11-29, 2026-11-29T08:00) or how long "
		      "ago (30d, 8h)",
		name, text);
	return -1;
}

static int take_word(const char *name, const char *value, struct wanted *wanted)
{
	if (strcmp(name, "--html") == 0)
		wanted->html = value;
	else if (strcmp(name, "--log") == 0)
		wanted->log = value;
	else if (strcmp(name, "--since") == 0)
		return take_time(name, value, &wanted->since);
	else if (strcmp(name, "--until") == 0)
		return take_time(name, value, &wanted->until);
	else {
		message_error("report does not take %s", name);
		return -1;
	}
	return 0;
}

static int take_words(struct arena *arena, const struct options *options, struct wanted *wanted)
{
	for (size_t i = 0; i < options->word_count; i++) {
		const char *word = options->words[i], *value = strchr(word, '=');
		const char *name = word;

		if (value != NULL && word[0] == '-') {
			name = arena_strndup(arena, word, (size_t)(value - word));
			value++;
		} else
			value = i + 1 < options->word_count ? options->words[++i] : NULL;
		if (value == NULL) {
			message_error("report: %s needs a value, or is unknown", name);
			return -1;
		}
		if (take_word(name, value, wanted) < 0)
			return -1;
	}
	if (wanted->html != NULL && wanted->json && strcmp(wanted->html, "-") == 0) {
		message_error("report: --json and --html - exclude each other: there is one stdout");
		return -1;
	}
	if (wanted->html != NULL || wanted->json)
		return 0;
	message_error("report: --html FILE or --json is needed");
	usage(stderr, "report");
	return -1;
}

static int take_event(void *context, const struct log_event *event)
{
	report_add_event(context, event);
	return 0;
}

static void warn(void *context, const char *text)
{
	struct report *report = context;

	report->unreadable++;
	message_warning("%s", text);
}

static void progress(void *context, const char *what, uint64_t done, uint64_t total)
{
	(void)context;
	if (isatty(STDERR_FILENO) && total > 0)
		fprintf(stderr, "\r%s: %3d %%%s", what, (int)(done * 100 / total),
			done >= total ? "\n" : "");
}

static int read_log(struct arena *arena, struct report *report, const struct wanted *wanted)
{
	const struct log_query query = {.since = wanted->since, .until = wanted->until};
	const struct log_hooks hooks = {.context = report, .warn = warn, .progress = progress};
	const char *complaint = NULL;
	struct log *log = log_open(arena, wanted->log, false, &complaint);
	int result;

	if (log == NULL) {
		message_error("%s", complaint);
		return -1;
	}
	log_set_hooks(log, &hooks);
	result = log_each(log, &query, take_event, report, &complaint);
	if (result != 0)
		message_error("%s", complaint);
	log_close(log);
	return result;
}

/* Its reader is the one who made it: it says who may do what. */
static int write_page(const struct report *report, const char *path)
{
	char *draft = arena_printf(report->arena, "%s.new", path);
	int fd, saved;
	FILE *file;

	if (strcmp(path, "-") == 0)
		return report_html(report, stdout);
	(void)unlink(draft);
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL)
		return -1;
	if (report_html(report, file) == 0 && fsync(fd) == 0 && fclose(file) == 0 &&
		rename(draft, path) == 0)
		return 0;
	saved = errno;
	(void)unlink(draft);
	errno = saved;
	return -1;
}

/* Warnings alone, and none that is about this kernel: the page is about grants. */
static struct problems *check(struct arena *arena, const struct policy *policy)
{
	struct problems *problems = arena_alloc(arena, sizeof(*problems));

	*problems = (struct problems){.arena = arena};
	check_grants(policy, problems);
	check_merging(policy, problems);
	check_accounts(policy, problems);
	check_programs(policy, problems);
	check_functions(policy, problems);
	check_known(policy, problems);
	check_classes(policy, problems);
	check_trust(policy, problems);
	problems_sort(problems);
	return problems;
}

static int make(struct arena *arena, const struct options *options, const struct wanted *wanted)
{
	struct report *report = arena_alloc(arena, sizeof(*report));
	struct problems problems = {.arena = arena};

	*report = (struct report){.arena = arena,
		.directory = options->config,
		.now = now(),
		.since = wanted->since,
		.until = wanted->until,
		.policy = config_load(arena, options->config,
			CONFIG_TRUST_WARNS | CONFIG_SCRIPTS_WARN, &problems)};
	if (report->policy == NULL) {
		for (size_t i = 0; i < problems.count; i++)
			message_error("%s", problem_text(arena, &problems.items[i]));
		return ADMIN_WRONG;
	}
	if (read_log(arena, report, wanted) != 0)
		return ADMIN_WRONG;
	report_people(report);
	report->warnings = check(arena, report->policy);
	if (wanted->html != NULL && write_page(report, wanted->html) != 0) {
		message_error("%s: %s", wanted->html, strerror(errno));
		return ADMIN_WRONG;
	}
	if (wanted->json && report_json(report, stdout) != 0) {
		message_error("the report could not be written: %s", strerror(errno));
		return ADMIN_WRONG;
	}
	return ADMIN_OK;
}

int report_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct wanted wanted = {.json = (options->given & OPTION_JSON) != 0};
	int status = ADMIN_WRONG;

	if (take_words(arena, options, &wanted) == 0)
		status = make(arena, options, &wanted);
	arena_free(arena);
	return status;
}
