/* What one line of the log adds to the counts. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

enum { DAY = 24 * 60 * 60 * 1000, KEY_MAX = 4096 };

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t day_number(int64_t year, int month, int day)
{
	int64_t shifted = year - (month <= 2), era = shifted / 400, of_era = shifted - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t report_time(const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";
	int64_t days;

	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return 0;
	days = day_number(
		atoll(text), (int)strtol(text + 5, NULL, 10), (int)strtol(text + 8, NULL, 10));
	return ((days * 24 + strtol(text + 11, NULL, 10)) * 60 + strtol(text + 14, NULL, 10)) *
		       60000 +
	       strtol(text + 17, NULL, 10) * 1000 + strtol(text + 20, NULL, 10);
}

static const char *member(const json_t *event, const char *name)
{
	const char *text = json_string_value(json_object_get(event, name));

	return text == NULL ? "" : text;
}

static const char *kept(struct report *report, const char *text)
{
	return arena_strdup(report->arena, text);
}

/* The day's index, with room for it. */
static size_t day_of(struct report *report, int64_t time)
{
	int64_t day = time / DAY;
	size_t index;

	if (report->day_count == 0)
		report->first_day = day;
	if (day < report->first_day) /* a clock that went back */
		day = report->first_day;
	index = (size_t)(day - report->first_day);
	if (index >= REPORT_DAYS_MAX)
		index = REPORT_DAYS_MAX - 1;
	if (report->days == NULL)
		report->days = arena_array(report->arena, REPORT_DAYS_MAX, sizeof(*report->days));
	if (index >= report->day_count)
		report->day_count = index + 1;
	return index;
}

static struct report_command *command_of(struct report *report, const char *name)
{
	struct report_command *command = table_get(&report->by_command, name);

	if (command != NULL)
		return command;
	command = arena_alloc(report->arena, sizeof(*command));
	command->name = kept(report, name);
	table_put(report->arena, &report->by_command, command->name, command);
	report->commands = arena_grow(
		report->arena, report->commands, report->command_count, sizeof(*report->commands));
	report->commands[report->command_count++] = command;
	return command;
}

static void count_day(struct report *report, struct report_command *command, size_t day)
{
	if (day >= command->day_room) {
		size_t room = 64;
		unsigned *days;

		while (room <= day)
			room *= 2;
		days = arena_array(report->arena, room, sizeof(*days));
		if (command->day_room > 0)
			memcpy(days, command->days, command->day_room * sizeof(*days));
		command->days = days;
		command->day_room = room;
	}
	command->days[day]++;
}

static void use(struct report_use *use, int64_t time)
{
	use->runs++;
	if (time > use->last)
		use->last = time;
}

static struct report_person_use *use_of(struct report *report, const json_t *event)
{
	const char *endpoint = member(event, "endpoint"), *user = member(event, "acct");
	const char *command = member(event, "comm");
	struct report_person_use *found;
	char key[KEY_MAX];

	if (snprintf(key, sizeof(key), "%s\037%s\037%s", endpoint, user, command) >=
		(int)sizeof(key))
		return NULL;
	found = table_get(&report->by_person, key);
	if (found != NULL)
		return found;
	found = arena_alloc(report->arena, sizeof(*found));
	*found = (struct report_person_use){.endpoint = kept(report, endpoint),
		.user = kept(report, user),
		.command = kept(report, command)};
	table_put(report->arena, &report->by_person, kept(report, key), found);
	report->uses =
		arena_grow(report->arena, report->uses, report->use_count, sizeof(*report->uses));
	report->uses[report->use_count++] = found;
	return found;
}

static void add_run(struct report *report, const json_t *event, int64_t time)
{
	struct report_command *command = command_of(report, member(event, "comm"));
	struct report_person_use *by_person = use_of(report, event);
	size_t day = day_of(report, time);

	report->runs++;
	report->days[day].allowed++;
	use(&command->use, time);
	count_day(report, command, day);
	if (by_person != NULL)
		use(&by_person->use, time);
}

static struct report_refusal *refusal_of(struct report *report, struct table *table,
	struct report_refusal ***list, size_t *count, const char *key)
{
	struct report_refusal *refusal = table_get(table, key);

	if (refusal != NULL || *count >= REPORT_REFUSALS_MAX)
		return refusal;
	refusal = arena_alloc(report->arena, sizeof(*refusal));
	table_put(report->arena, table, kept(report, key), refusal);
	*list = arena_grow(report->arena, *list, *count, sizeof(**list));
	(*list)[(*count)++] = refusal;
	return refusal;
}

static void refused_at(struct report_refusal *refusal, int64_t time)
{
	refusal->count++;
	if (time > refusal->last)
		refusal->last = time;
}

static void add_refusal(struct report *report, const json_t *event, int64_t time)
{
	const char *reason = member(event, "reason"), *user = member(event, "acct");
	const char *words = member(event, "cmd"), *endpoint = member(event, "endpoint");
	struct report_refusal *refusal;
	char key[KEY_MAX];

	report->refused++;
	report->days[day_of(report, time)].refused++;
	refusal = refusal_of(
		report, &report->by_reason, &report->reasons, &report->reason_count, reason);
	if (refusal != NULL) {
		refusal->reason = refusal->reason == NULL ? kept(report, reason) : refusal->reason;
		refused_at(refusal, time);
	}
	/* What is cut is counted with what begins the same. */
	(void)snprintf(
		key, sizeof(key), "%s\037%s\037%s\037%.1024s", reason, user, endpoint, words);
	refusal = refusal_of(
		report, &report->by_refusal, &report->refusals, &report->refusal_count, key);
	if (refusal == NULL) {
		report->other_refusals++;
		return;
	}
	if (refusal->count == 0)
		*refusal = (struct report_refusal){.user = kept(report, user),
			.reason = kept(report, reason),
			.words = arena_printf(report->arena, "%.1024s", words),
			.endpoint = kept(report, endpoint)};
	refused_at(refusal, time);
}

static void add_approval(struct report *report, const json_t *event, int64_t time)
{
	const char *words = member(event, "cmd");

	report->approvals[report->approval_count++ % REPORT_APPROVALS_MAX] =
		(struct report_approval){.time = time,
			.number = (unsigned long)json_integer_value(
				json_object_get(event, "approval")),
			.edge = kept(report, member(event, "edge")),
			.state = kept(report, member(event, "state")),
			.user = kept(report, member(event, "acct")),
			.words = kept(report, words[0] != '\0' ? words : member(event, "comm")),
			.terms = kept(report, member(event, "terms")),
			.detail = kept(report, member(event, "detail")),
			.success = strcmp(member(event, "res"), "success") == 0};
}

static void add(struct report *report, const json_t *event)
{
	int64_t time = report_time(member(event, "time"));
	const char *operation = member(event, "op");
	bool success = strcmp(member(event, "res"), "success") == 0;

	if ((report->since != 0 && time < report->since) ||
		(report->until != 0 && time > report->until))
		return;
	report->events++;
	if (report->first == 0 || time < report->first)
		report->first = time;
	if (time > report->last)
		report->last = time;
	if (strcmp(operation, "decision") == 0 && success)
		add_run(report, event, time);
	else if (strcmp(operation, "decision") == 0)
		add_refusal(report, event, time);
	else if (strcmp(operation, "approval") == 0)
		add_approval(report, event, time);
}

void report_add_event(struct report *report, const char *text, size_t length)
{
	json_t *event = json_loadb(text, length, 0, NULL);

	if (json_is_object(event))
		add(report, event);
	else
		report->unreadable++;
	json_decref(event);
}
