#include "record/fields.h"

#include "policy/line.h"

enum { FIELDS_MAX = 56 };

static void add(struct fields *fields, const char *name, const char *value)
{
	if (value != NULL)
		fields->items[fields->count++] = (struct field){ .name = name, .value = value };
}

static void add_number(
	struct arena *arena, struct fields *fields, const char *name, unsigned long number)
{
	fields->items[fields->count++] = (struct field){
		.name = name, .value = arena_printf(arena, "%lu", number), .number = true
	};
}

static void add_list(struct arena *arena, struct fields *fields, const char *name,
	const struct strings *values)
{
	if (values != NULL && values->count > 0)
		add(fields, name, strings_join(arena, values, ","));
}

static const char *operation_of(enum record_kind kind)
{
	switch (kind) {
	case RECORD_DECISION:
		return "decision";
	case RECORD_CHECK:
		return "check";
	case RECORD_END:
		return "end";
	case RECORD_CONFIG:
		return "load-config";
	case RECORD_TRIAL:
		return "trial";
	case RECORD_SESSION:
		return "session";
	case RECORD_APPROVAL:
		return "approval";
	case RECORD_STEP:
		return "step";
	case RECORD_DRIVE:
		return "drive";
	case RECORD_REPEATED:
		return "repeated";
	case RECORD_TERMINATE:
		return "terminate";
	case RECORD_REPLAY:
		return "replay";
	case RECORD_WATCH:
		return "watch";
	}
	return "unknown";
}

/* o… is what audit calls whom a record is about; the sender is stamped by the kernel. */
static void add_person(struct arena *arena, struct fields *fields, const struct record *record)
{
	if (record->kind == RECORD_CONFIG && record->uid == (uid_t)-1)
		return; /* nobody asked for it */
	add(fields, "acct", record->user);
	/* Not uid= or ouid=: ausearch(8) takes those for the sender's, or for damage. */
	if (record->uid != (uid_t)-1)
		add_number(arena, fields, "id", record->uid);
	add_number(arena, fields, "oauid", record->login_uid);
	add_number(arena, fields, "oses", record->audit_session);
	if (record->peer_pid > 0)
		add_number(arena, fields, "opid", (unsigned long)record->peer_pid);
	if (record->kind != RECORD_TERMINATE) /* that one's is the target's */
		add(fields, "session", record->session);
}

static void add_ending(struct arena *arena, struct fields *fields, const struct record *record)
{
	if (record->kind != RECORD_END)
		return;
	if (record->status >= 0)
		add_number(arena, fields, "status", (unsigned long)record->status);
	if (record->signal > 0)
		add_number(arena, fields, "signal", (unsigned long)record->signal);
	add(fields, "ended", record->ended_by);
	if (record->child > 0)
		add_number(arena, fields, "child", (unsigned long)record->child);
}

static void add_load(struct arena *arena, struct fields *fields, const struct record *record)
{
	if (record->kind == RECORD_TERMINATE) {
		add(fields, "session", record->session);
		add(fields, "target", record->target);
		add(fields, "by", record->asked_by);
	}
	if (record->kind != RECORD_CONFIG)
		return;
	add(fields, "by", record->asked_by);
	if (record->errors > 0)
		add_number(arena, fields, "errors", record->errors);
	add(fields, "bundle", record->bundle);
	if (record->bundle != NULL)
		add_number(arena, fields, "serial", (unsigned long)record->serial);
}

static void add_function(struct arena *arena, struct fields *fields, const struct record *record)
{
	add(fields, "actas", record->act_as);
	add(fields, "script", record->script);
	add(fields, "trust", record->trust);
	add(fields, "trustid", record->trust_id);
	add(fields, "mismatch", record->mismatch);
	add(fields, "result", record->result);
	add(fields, "transaction", record->transaction);
	if (record->changes > 0)
		add_number(arena, fields, "changes", record->changes);
	add(fields, "step", record->step);
	add(fields, "path", record->path);
	add(fields, "transcript", record->transcript);
	add(fields, "for", record->outer);
	add(fields, "pipeline", record->pipeline);
	if (record->approval > 0)
		add_number(arena, fields, "approval", record->approval);
	add(fields, "edge", record->edge);
	add(fields, "state", record->state);
	add(fields, "terms", record->terms);
}

static void add_file(
	struct arena *arena, struct fields *fields, const struct record_file *file)
{
	if (file == NULL)
		return;
	/* Not action=: ausearch(8) takes any such text for one of the kernel's numbers, "ACCEPT". */
	add(fields, "did", file->action);
	add(fields, "file", file->name);
	add(fields, "to", file->to);
	add(fields, "param", file->parameter);
	add(fields, "for", file->of);
	if (file->has_size)
		add_number(arena, fields, "size", (unsigned long)file->size);
	if (file->digest[0] != '\0')
		add(fields, "digest", arena_printf(arena, "sha256:%s", file->digest));
	add(fields, "missing", file->missing);
}

struct fields fields_of(struct arena *arena, const struct record *record)
{
	struct fields fields = { .items = arena_array(arena, FIELDS_MAX, sizeof(struct field)) };
	const struct strings *words = record->words;

	add(&fields, "op", operation_of(record->kind));
	add(&fields, "req", record->request);
	add(&fields, "endpoint", record->endpoint);
	add_person(arena, &fields, record);
	add_list(arena, &fields, "role", record->roles);
	add_list(arena, &fields, "grant", record->grants);
	add(&fields, "comm", record->command);
	add(&fields, "runas", record->run_as);
	add_list(arena, &fields, "profile", record->profiles);
	add(&fields, "cwd", record->directory);
	if (words != NULL)
		add(&fields, "cmd", line_quote(arena, words->items, words->count));
	add(&fields, "reason", record->reason);
	add(&fields, "detail", record->detail);
	add_function(arena, &fields, record);
	add_file(arena, &fields, record->file);
	add_ending(arena, &fields, record);
	add_load(arena, &fields, record);
	if (record->repeated > 0)
		add_number(arena, &fields, "repeated", record->repeated);
	if (record->unrecorded > 0)
		add_number(arena, &fields, "unrecorded", record->unrecorded);
	add(&fields, "sha256", record->digest);
	return fields;
}
