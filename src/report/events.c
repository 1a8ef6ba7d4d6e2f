/* What one line of the log adds to the counts. */
#include <string.h>

#include "report/report.h"

enum {
	DAY = 24 * 60 * 60 * 1000,
	NAME_MAX_KEPT = 256, /* bytes of a name that tell one from another */
	WORDS_KEPT = 1024,
	KEY_MAX = 3 * NAME_MAX_KEPT + WORDS_KEPT + 8,
};

static const char *kept(struct report *report, const struct line_value *value)
{
	const char *text = line_text(report->arena, value);

	return text == NULL ? "" : text;
}

static const char *member(struct report *report, const struct log_event *event, const char *name)
{
	const struct line_value value = line_find(event->text, event->length, name);

	return kept(report, &value);
}

/* The bytes of a value as they stand in the line, at most `most` of them, after what is there. */
static void add_key(char key[KEY_MAX], const struct line_value *value, size_t most)
{
	size_t used = strlen(key), length = value->length < most ? value->length : most;

	memcpy(key + used, value->bytes == NULL ? "" : value->bytes,
		value->bytes == NULL ? 0 : length);
	memcpy(key + used + length, "\037", 2);
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

static struct report_command *command_of(struct report *report, const struct line_value *name)
{
	struct report_command *command;
	char key[KEY_MAX] = "";

	add_key(key, name, NAME_MAX_KEPT);
	command = table_get(&report->by_command, key);
	if (command != NULL)
		return command;
	command = arena_alloc(report->arena, sizeof(*command));
	command->name = kept(report, name);
	table_put(report->arena, &report->by_command, arena_strdup(report->arena, key), command);
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

static struct report_person_use *use_of(struct report *report, const struct line_fields *fields)
{
	struct report_person_use *found;
	char key[KEY_MAX] = "";

	add_key(key, &fields->endpoint, NAME_MAX_KEPT);
	add_key(key, &fields->acct, NAME_MAX_KEPT);
	add_key(key, &fields->comm, NAME_MAX_KEPT);
	found = table_get(&report->by_person, key);
	if (found != NULL)
		return found;
	found = arena_alloc(report->arena, sizeof(*found));
	*found = (struct report_person_use){.endpoint = kept(report, &fields->endpoint),
		.user = kept(report, &fields->acct),
		.command = kept(report, &fields->comm)};
	table_put(report->arena, &report->by_person, arena_strdup(report->arena, key), found);
	report->uses =
		arena_grow(report->arena, report->uses, report->use_count, sizeof(*report->uses));
	report->uses[report->use_count++] = found;
	return found;
}

static void add_run(struct report *report, const struct line_fields *fields, int64_t time)
{
	struct report_command *command = command_of(report, &fields->comm);
	size_t day = day_of(report, time);

	report->runs++;
	report->days[day].allowed++;
	use(&command->use, time);
	count_day(report, command, day);
	use(&use_of(report, fields)->use, time);
}

static struct report_refusal *refusal_of(struct report *report, struct table *table,
	struct report_refusal ***list, size_t *count, const char *key)
{
	struct report_refusal *refusal = table_get(table, key);

	if (refusal != NULL || *count >= REPORT_REFUSALS_MAX)
		return refusal;
	refusal = arena_alloc(report->arena, sizeof(*refusal));
	table_put(report->arena, table, arena_strdup(report->arena, key), refusal);
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

static void add_reason(struct report *report, const struct line_value *reason, int64_t time)
{
	struct report_refusal *refusal;
	char key[KEY_MAX] = "";

	add_key(key, reason, NAME_MAX_KEPT);
	refusal = refusal_of(
		report, &report->by_reason, &report->reasons, &report->reason_count, key);
	if (refusal == NULL)
		return;
	if (refusal->reason == NULL)
		refusal->reason = kept(report, reason);
	refused_at(refusal, time);
}

/* What differs only after the part that is kept counts as the same. */
static void add_refusal(struct report *report, const struct line_fields *fields, int64_t time)
{
	struct report_refusal *refusal;
	size_t day = day_of(report, time);
	char key[KEY_MAX] = "";

	report->refused++;
	report->days[day].refused++;
	add_reason(report, &fields->reason, time);
	add_key(key, &fields->reason, NAME_MAX_KEPT);
	add_key(key, &fields->acct, NAME_MAX_KEPT);
	add_key(key, &fields->endpoint, NAME_MAX_KEPT);
	add_key(key, &fields->cmd, WORDS_KEPT);
	refusal = refusal_of(
		report, &report->by_refusal, &report->refusals, &report->refusal_count, key);
	if (refusal == NULL) {
		report->other_refusals++;
		return;
	}
	if (refusal->count == 0)
		*refusal = (struct report_refusal){.user = kept(report, &fields->acct),
			.reason = kept(report, &fields->reason),
			.words = kept(report, &fields->cmd),
			.endpoint = kept(report, &fields->endpoint)};
	refused_at(refusal, time);
}

/* What a flood was refused is counted by the gateway, and not told apart there. */
static void add_repeated(struct report *report, const struct log_event *event, int64_t time)
{
	const struct line_value value = line_find(event->text, event->length, "repeated");
	unsigned long count = (unsigned long)line_number(&value, 0);

	report->refused += count;
	report->other_refusals += count;
	report->days[day_of(report, time)].refused += (unsigned)count;
}

static void add_approval(struct report *report, const struct log_event *event, int64_t time)
{
	const struct line_value number = line_find(event->text, event->length, "approval");
	const struct line_fields *fields = event->fields;

	report->approvals[report->approval_count++ % REPORT_APPROVALS_MAX] =
		(struct report_approval){.time = time,
			.number = line_number(&number, 0),
			.edge = member(report, event, "edge"),
			.state = member(report, event, "state"),
			.user = kept(report, &fields->acct),
			.words = kept(report,
				fields->cmd.kind == LINE_ABSENT ? &fields->comm : &fields->cmd),
			.terms = member(report, event, "terms"),
			.detail = member(report, event, "detail"),
			.script = member(report, event, "script"),
			.success = line_is(&fields->res, "success")};
}

/* The members that say what it was about, in words. */
static const char *about(struct report *report, const struct log_event *event)
{
	static const char *const names[] = {
		"by", "bundle", "sha256", "target", "session", "file", "cmd", "detail"};
	const char *text = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = member(report, event, names[i]);

		if (value[0] != '\0')
			text = arena_printf(report->arena, "%s%s%s %s", text,
				text[0] == '\0' ? "" : ", ", names[i], value);
	}
	return text;
}

static bool is_act(const struct line_value *operation)
{
	static const char *const operations[] = {
		"load-config", "terminate", "replay", "watch", "trial"};

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (line_is(operation, operations[i]))
			return true;
	return false;
}

static void add_act(struct report *report, const struct log_event *event, int64_t time)
{
	const struct line_value id = line_find(event->text, event->length, "oauid");
	const struct line_fields *fields = event->fields;
	struct report_act *act = &report->acts[report->act_count++ % REPORT_ACTS_MAX];

	*act = (struct report_act){.time = time,
		.operation = kept(report, &fields->op),
		.user = kept(report, &fields->acct),
		.about = about(report, event),
		.success = line_is(&fields->res, "success")};
	/* Records of before had no name, and one that is not known has none. */
	if (act->user[0] == '\0' && id.kind == LINE_NUMBER)
		act->user = arena_printf(report->arena, "uid %s", kept(report, &id));
}

static void note_time(struct report *report, int64_t time)
{
	report->events++;
	if (report->first == 0 || time < report->first)
		report->first = time;
	if (time > report->last)
		report->last = time;
}

static unsigned long unrecorded(const struct log_event *event)
{
	const struct line_value value = line_find(event->text, event->length, "unrecorded");

	return (unsigned long)line_number(&value, 0);
}

void report_add_event(struct report *report, const struct log_event *event)
{
	const struct line_fields *fields = event->fields;
	int64_t time = line_time(&fields->time);
	bool success = line_is(&fields->res, "success");

	if (time < 0) {
		report->unreadable++;
		return;
	}
	note_time(report, time);
	report->unrecorded += unrecorded(event);
	if (line_is(&fields->op, "decision") && success)
		add_run(report, fields, time);
	else if (line_is(&fields->op, "decision") || (line_is(&fields->op, "check") && !success))
		add_refusal(report, fields, time);
	else if (line_is(&fields->op, "repeated"))
		add_repeated(report, event, time);
	else if (line_is(&fields->op, "approval"))
		add_approval(report, event, time);
	else if (is_act(&fields->op))
		add_act(report, event, time);
}
