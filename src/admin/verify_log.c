/* verify-log: whether the event log is what was written. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/log_words.h"
#include "base/message.h"
#include "base/text.h"
#include "log/verify.h"

#define AUDIT_LOGS "/var/log/audit/audit.log*"

struct report {
	struct arena *arena;
	FILE *findings, *notes; /* of JSON: "{…},{…}"; NULL: text */
	char *findings_text, *notes_text;
	size_t findings_length, notes_length;
};

static bool report_begin(struct report *report)
{
	report->findings = open_memstream(&report->findings_text, &report->findings_length);
	report->notes = open_memstream(&report->notes_text, &report->notes_length);
	return report->findings != NULL && report->notes != NULL;
}

/* So that the texts are there. */
static void report_flush(struct report *report)
{
	fflush(report->findings);
	fflush(report->notes);
}

static void report_end(struct report *report)
{
	if (report->findings != NULL)
		fclose(report->findings);
	if (report->notes != NULL)
		fclose(report->notes);
	free(report->findings_text);
	free(report->notes_text);
}

static const char *escaped(const struct report *report, const char *text)
{
	return text_escape(report->arena, text, strlen(text));
}

static void found(void *context, const char *place, uint64_t sequence, const char *what)
{
	struct report *report = context;

	log_words_progress_end();
	if (report->findings != NULL) {
		fprintf(report->findings, "%s{\"place\":%s,\"seq\":%llu,\"what\":%s}",
			ftell(report->findings) > 0 ? "," : "", json_text(report->arena, place),
			(unsigned long long)sequence, json_text(report->arena, what));
		return;
	}
	printf("%s%s:%s ", colour(COLOUR_RED), escaped(report, place), colour(COLOUR_NONE));
	if (sequence != 0)
		printf("seq %llu: ", (unsigned long long)sequence);
	printf("%s\n", escaped(report, what));
}

static void note(void *context, const char *what)
{
	struct report *report = context;

	log_words_progress_end();
	if (report->notes != NULL)
		fprintf(report->notes, "%s%s", ftell(report->notes) > 0 ? "," : "",
			json_text(report->arena, what));
	else
		printf("%s\n", escaped(report, what));
}

static void progress(void *context, const char *what, uint64_t done, uint64_t total)
{
	log_words_hooks.progress(context, what, done, total);
}

/* SEQ:HASH, as verify-log prints it and the audit log has it. */
static int add_given_head(struct arena *arena, const char *text, struct verify_heads *heads)
{
	struct verify_head head = {.source = "--since-head"};
	size_t digits = strspn(text, "0123456789");
	const char *hash = text + digits + 1;

	if (digits > 0 && digits < 20 && text[digits] == ':' && strlen(hash) == CHAIN_HASH &&
		strspn(hash, "0123456789abcdef") == CHAIN_HASH && text[0] != '0') {
		head.sequence = strtoull(text, NULL, 10);
		memcpy(head.hash, hash, CHAIN_HASH);
		verify_add_head(arena, heads, &head);
		return 0;
	}
	message_error(
		"--since-head takes SEQ:HASH, a number and 64 hexadecimal digits, not %s", text);
	return -1;
}

/* Those that are named must be readable; of those that are always there some may be. */
static int read_audit_logs(
	struct arena *arena, const struct strings *named, struct verify_heads *heads)
{
	const char *complaint;
	glob_t found_logs;

	for (size_t i = 0; i < named->count; i++)
		if (verify_read_heads(arena, named->items[i], heads, &complaint) < 0) {
			message_error("%s", complaint);
			return -1;
		}
	if (named->count > 0 || glob(AUDIT_LOGS, 0, NULL, &found_logs) != 0)
		return 0;
	for (size_t i = 0; i < found_logs.gl_pathc; i++)
		if (access(found_logs.gl_pathv[i], R_OK) == 0)
			(void)verify_read_heads(arena, arena_strdup(arena, found_logs.gl_pathv[i]),
				heads, &complaint);
	globfree(&found_logs);
	return 0;
}

static int read_words(
	struct arena *arena, const struct options *options, struct verify_question *question)
{
	struct strings heads = {0}, audit_logs = {0};
	bool no_transcripts = false;
	const struct log_word words[] = {{"--log", &question->path, NULL, NULL},
		{"--key", NULL, NULL, &question->keys}, {"--since-head", NULL, NULL, &heads},
		{"--audit-log", NULL, NULL, &audit_logs},
		{"--no-transcripts", NULL, &no_transcripts, NULL}, {NULL, NULL, NULL, NULL}};

	if (log_words_parse(arena, "verify-log", options, words, NULL) < 0)
		return -1;
	question->transcripts = !no_transcripts;
	for (size_t i = 0; i < heads.count; i++)
		if (add_given_head(arena, heads.items[i], &question->heads) < 0)
			return -1;
	return read_audit_logs(arena, &audit_logs, &question->heads);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_text(const struct verify_result *result, bool keys)
{
	printf("%llu line%s in %llu file%s, seq %llu to %llu, chain %s\n",
		(unsigned long long)result->lines, plural(result->lines),
		(unsigned long long)result->files, plural(result->files),
		(unsigned long long)result->first, (unsigned long long)result->last,
		result->chain[0] != '\0' ? result->chain : "unknown");
	if (keys && result->signatures > 0)
		printf("%llu signature%s, up to seq %llu\n", (unsigned long long)result->signatures,
			result->signatures == 1 ? " holds" : "s hold",
			(unsigned long long)result->signed_to);
	if (result->transcripts > 0)
		printf("%llu transcript%s, %llu of them not ended\n",
			(unsigned long long)result->transcripts, plural(result->transcripts),
			(unsigned long long)result->transcripts_open);
	if (result->heads > 0)
		printf("%llu head%s known elsewhere %s\n", (unsigned long long)result->heads,
			plural(result->heads), result->heads == 1 ? "agrees" : "agree");
	printf("head %llu:%s\n", (unsigned long long)result->last, result->head);
	if (result->findings == 0)
		printf("%sgood%s\n", colour(COLOUR_GREEN), colour(COLOUR_NONE));
	else
		printf("%s%llu %s wrong%s\n", colour(COLOUR_RED),
			(unsigned long long)result->findings,
			result->findings == 1 ? "thing is" : "things are", colour(COLOUR_NONE));
}

static void print_json(struct report *report, const struct verify_result *result)
{
	report_flush(report);
	printf("{\"good\":%s,\"files\":%llu,\"lines\":%llu,\"bytes\":%llu,\"first\":%llu,"
	       "\"last\":%llu,",
		result->findings == 0 ? "true" : "false", (unsigned long long)result->files,
		(unsigned long long)result->lines, (unsigned long long)result->bytes,
		(unsigned long long)result->first, (unsigned long long)result->last);
	printf("\"chain\":%s,\"head\":%s,\"signatures\":%llu,\"signed_to\":%llu,",
		json_text(report->arena, result->chain), json_text(report->arena, result->head),
		(unsigned long long)result->signatures, (unsigned long long)result->signed_to);
	printf("\"transcripts\":%llu,\"transcripts_open\":%llu,\"heads\":%llu,"
	       "\"findings\":[%s],\"notes\":[%s]}\n",
		(unsigned long long)result->transcripts,
		(unsigned long long)result->transcripts_open, (unsigned long long)result->heads,
		report->findings_text, report->notes_text);
}

int verify_log_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct report report = {.arena = arena};
	bool json = (options->given & OPTION_JSON) != 0;
	struct verify_question question = {
		.found = found, .note = note, .progress = progress, .context = &report};
	struct verify_result result;
	const char *complaint = NULL;
	int status = ADMIN_WRONG;

	if (json && !report_begin(&report))
		complaint = strerror(errno);
	else if (read_words(arena, options, &question) == 0 &&
		 verify_log(arena, &question, &result, &complaint) == 0) {
		log_words_progress_end();
		if (json)
			print_json(&report, &result);
		else
			print_text(&result, question.keys.count > 0);
		status = result.findings == 0 ? ADMIN_OK : ADMIN_FOUND;
	}
	log_words_progress_end();
	if (complaint != NULL)
		message_error("%s", complaint);
	report_end(&report);
	arena_free(arena);
	return status;
}
