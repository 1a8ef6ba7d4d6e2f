#include "admin/log_rows.h"

#include <string.h>

#define ID_UNSET "4294967295" /* of a login's uid and session */

/* Decisions and what is like one; the rest is shown where every event is asked for. */
static bool begins_request(const struct line_fields *fields)
{
	static const char *const operations[] = {
		"decision", "check", "trial", "session", "repeated"};

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (line_is(&fields->op, operations[i]))
			return true;
	return false;
}

static const char *find_text(struct arena *arena, const struct log_event *event, const char *name)
{
	struct line_value value = line_find(event->text, event->length, name);

	return line_text(arena, &value);
}

/* The values of several members, as words; NULL: there is none. */
static const char *join(struct arena *arena, const struct log_event *event, const char *const *names)
{
	const char *joined = NULL;

	for (; *names != NULL; names++) {
		const char *text = find_text(arena, event, *names);

		if (text != NULL)
			joined = joined == NULL ? text : arena_printf(arena, "%s %s", joined, text);
	}
	return joined;
}

/* What was done to which number, and why, says more than the words that it is about. */
static const char *approval_subject(struct arena *arena, const struct log_event *event)
{
	static const char *const names[][6] = {{"edge", "approval", "comm", "detail", "terms"},
		{"edge", "approval", "cmd", "detail", "terms"}};

	return join(arena, event, names[event->fields->cmd.kind != LINE_ABSENT]);
}

static const char *repeated_subject(struct arena *arena, const struct log_event *event)
{
	const char *count = find_text(arena, event, "repeated");

	return count == NULL ? NULL : arena_printf(arena, "%s more refusals", count);
}

/* What an event without a command line is about: what says most about those of its kind. */
static const char *subject_of(struct arena *arena, const struct log_event *event)
{
	static const struct {
		const char *operation, *names[7];
	} kinds[] = {{"drive", {"did", "file", "to", "param", "digest", "missing"}},
		{"step", {"step", "path", "detail"}}, {"terminate", {"target", "detail", "session"}},
		{"load-config", {"by", "bundle", "sha256", "detail"}},
		{"expired", {"file", "reason"}},
		{"transcript", {"file", "state"}}};
	static const char *const names[] = {"detail", "file", "path"};
	const char *text = line_text(arena, &event->fields->cmd);

	if (line_is(&event->fields->op, "approval"))
		return approval_subject(arena, event);
	if (line_is(&event->fields->op, "repeated"))
		return repeated_subject(arena, event);
	for (size_t i = 0; text == NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (line_is(&event->fields->op, kinds[i].operation))
			text = join(arena, event, kinds[i].names);
	for (size_t i = 0; text == NULL && i < sizeof(names) / sizeof(names[0]); i++)
		text = find_text(arena, event, names[i]);
	return text;
}

/* The gateway's listener asks no name service: of whom it asks nothing more there is a number. */
static const char *who_of(struct arena *arena, const struct log_event *event)
{
	const char *name = line_text(arena, &event->fields->acct);
	const char *uid = find_text(arena, event, "oauid");

	if (name != NULL)
		return name;
	if (uid == NULL || strcmp(uid, ID_UNSET) == 0)
		uid = find_text(arena, event, "id");
	return uid == NULL ? NULL : arena_printf(arena, "uid %s", uid);
}

static const char *login_of(struct arena *arena, const struct line_fields *fields)
{
	const char *login = line_text(arena, &fields->oses);

	return login == NULL || strcmp(login, ID_UNSET) == 0 ? NULL : login;
}

static const char *result_of(struct arena *arena, const struct line_fields *fields)
{
	bool success = line_is(&fields->res, "success");

	if (line_is(&fields->op, "repeated"))
		return "denied";
	if (line_is(&fields->op, "decision") || line_is(&fields->op, "check"))
		return success ? "allowed" : "denied";
	return line_text(arena, &fields->res);
}

static void set_ending(struct arena *arena, const struct log_event *event, struct log_row *row)
{
	const char *transcript = find_text(arena, event, "transcript");
	int64_t at = line_time(&event->fields->time);

	row->has_end = true;
	row->ended = at == INT64_MIN ? 0 : at;
	row->values[LOG_STATUS] = find_text(arena, event, "status");
	row->values[LOG_SIGNAL] = find_text(arena, event, "signal");
	row->values[LOG_ENDED] = find_text(arena, event, "ended");
	if (transcript != NULL)
		row->values[LOG_TRANSCRIPT] = transcript; /* it may have failed since */
}

static void set_row(struct arena *arena, const struct log_event *event, struct log_row *row)
{
	const struct line_fields *fields = event->fields;
	const struct line_value *const values[LOG_COLUMNS] = {[LOG_TIME] = &fields->time,
		[LOG_OPERATION] = &fields->op,
		[LOG_USER] = &fields->acct,
		[LOG_ENDPOINT] = &fields->endpoint,
		[LOG_COMMAND] = &fields->comm,
		[LOG_RUN_AS] = &fields->runas,
		[LOG_ROLES] = &fields->role,
		[LOG_REASON] = &fields->reason,
		[LOG_REQUEST] = &fields->req,
		[LOG_PIPELINE] = &fields->pipeline,
		[LOG_SESSION] = &fields->session,
		[LOG_APPROVAL] = &fields->approval};
	int64_t at = line_time(&fields->time);

	for (int i = 0; i < LOG_COLUMNS; i++)
		if (values[i] != NULL)
			row->values[i] = line_text(arena, values[i]);
	row->values[LOG_USER] = who_of(arena, event);
	row->values[LOG_LINE] = subject_of(arena, event);
	row->values[LOG_RESULT] = result_of(arena, fields);
	row->values[LOG_LOGIN] = login_of(arena, fields);
	row->values[LOG_TRANSCRIPT] = find_text(arena, event, "transcript");
	row->values[LOG_EDGE] = find_text(arena, event, "edge");
	row->values[LOG_GRANT] = find_text(arena, event, "grant");
	row->values[LOG_ACT_AS] = find_text(arena, event, "actas");
	row->began = at == INT64_MIN ? 0 : at;
	if (line_is(&fields->op, "end")) {
		set_ending(arena, event, row);
		row->began = 0;
	}
}

static struct log_row *add_row(struct log_rows *rows, const struct log_event *event)
{
	struct log_row *row;

	rows->items = arena_grow(rows->arena, rows->items, rows->count, sizeof(*rows->items));
	row = &rows->items[rows->count++];
	set_row(rows->arena, event, row);
	return row;
}

static struct log_row *find_row(struct log_rows *rows, const char *request)
{
	const size_t *place = request != NULL ? table_get(&rows->requests, request) : NULL;

	return place != NULL ? &rows->items[*place] : NULL;
}

/* By its place, since rows move when more come. */
static void remember(struct log_rows *rows, const struct log_row *row)
{
	size_t *place;

	if (row->values[LOG_REQUEST] == NULL)
		return;
	place = arena_alloc(rows->arena, sizeof(*place));
	*place = (size_t)(row - rows->items);
	table_put(rows->arena, &rows->requests, row->values[LOG_REQUEST], place);
}

int log_rows_add(void *context, const struct log_event *event)
{
	struct log_rows *rows = context;
	const struct line_fields *fields = event->fields;
	bool is_end = line_is(&fields->op, "end"), late;
	struct log_row *row = NULL;
	struct arena *scratch;

	rows->seen++;
	late = rows->until != 0 && line_time(&fields->time) > rows->until;
	if (rows->every) {
		add_row(rows, event);
		return 0;
	}
	if (!is_end) {
		if (!late && begins_request(fields))
			remember(rows, add_row(rows, event));
		return 0;
	}
	scratch = arena_new();
	row = find_row(rows, line_text(scratch, &fields->req));
	arena_free(scratch);
	if (row != NULL)
		set_ending(rows->arena, event, row);
	else if (!late)
		remember(rows, add_row(rows, event));
	return 0;
}

static bool is(const char *value, const char *text)
{
	return value != NULL && strcmp(value, text) == 0;
}

const char *log_row_outcome(struct arena *arena, const struct log_row *row)
{
	const char *const *values = row->values;
	const char *text;

	if (row->has_end) {
		text = values[LOG_SIGNAL] != NULL
			       ? arena_printf(arena, "signal %s", values[LOG_SIGNAL])
			       : arena_printf(arena, "exit %s",
					 values[LOG_STATUS] != NULL ? values[LOG_STATUS] : "?");
		return values[LOG_ENDED] != NULL
			       ? arena_printf(arena, "%s (%s)", text, values[LOG_ENDED])
			       : text;
	}
	if (is(values[LOG_OPERATION], "repeated"))
		return "only counted";
	if (is(values[LOG_OPERATION], "check"))
		return is(values[LOG_RESULT], "allowed")
			       ? "dry run"
			       : arena_printf(arena, "dry run: %s",
					 values[LOG_REASON] != NULL ? values[LOG_REASON] : "denied");
	if (is(values[LOG_OPERATION], "decision") && is(values[LOG_RESULT], "allowed"))
		return "no end yet";
	if (values[LOG_REASON] != NULL)
		return values[LOG_REASON];
	return values[LOG_RESULT] != NULL ? values[LOG_RESULT] : "";
}

bool log_row_is_bad(const struct log_row *row)
{
	if (row->has_end)
		return row->values[LOG_SIGNAL] != NULL || !is(row->values[LOG_STATUS], "0");
	return is(row->values[LOG_RESULT], "failed") || is(row->values[LOG_RESULT], "denied");
}

int64_t log_row_duration(const struct log_row *row)
{
	return row->began != 0 && row->ended >= row->began ? row->ended - row->began : -1;
}
