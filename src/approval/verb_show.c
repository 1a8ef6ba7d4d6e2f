/* All that is known of one entry. */
#include <string.h>

#include "answer/json_out.h"
#include "approval/diff.h"
#include "approval/verb_parts.h"
#include "base/text.h"

static void add_field(struct output *output, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		verb_add(output, "  %-13s %s\n", name, verb_escape(output->arena, value));
}

static const char *person(struct arena *arena, const struct approval_entry *entry)
{
	const char *login = entry->login_uid == (uid_t)-1
				    ? "unset"
				    : arena_printf(arena, "%u", (unsigned)entry->login_uid);

	return arena_printf(arena, "%s (uid %u, login uid %s), %s, %lu %s", entry->user,
		(unsigned)entry->uid, login, verb_time(arena, entry->created), entry->tries,
		entry->tries == 1 ? "time" : "times");
}

static const char *deciders(struct arena *arena, const struct approval_entry *entry)
{
	const struct approval_rule *rule = &entry->decided_by;
	unsigned many = rule->approvers > 0 ? rule->approvers : 1;
	const char *groups = rule->groups.count > 0
				     ? arena_printf(arena, " of %s, or root",
					       strings_join(arena, &rule->groups, ", "))
				     : ", root alone";

	return arena_printf(arena, "%u%s%s", many, groups,
		rule->self_approval ? "; who asked may be one" : "; nobody who asked");
}

static const char *terms(struct arena *arena, const struct approval_entry *entry)
{
	struct strings terms = {0};

	if (entry->expires > 0)
		strings_add(arena, &terms,
			arena_printf(arena, "until %s", verb_time(arena, entry->expires)));
	if (entry->once)
		strings_add(arena, &terms, "for one run");
	if (entry->as_caller_only)
		strings_add(arena, &terms, "under the caller's own account only");
	if (entry->role != NULL)
		strings_add(arena, &terms, arena_printf(arena, "by role %s", entry->role));
	if (terms.count == 0 && entry->approved > 0)
		strings_add(arena, &terms, "for good");
	return strings_join(arena, &terms, ", ");
}

/* "transaction=/srv/pool": each as a field. */
static void add_terms(struct output *output, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->items[i];
		size_t length = strcspn(text, "=");

		add_field(output, arena_strndup(output->arena, text, length),
			text + length + (text[length] == '='));
	}
}

static void add_subject(struct output *output, const struct verb_view *view)
{
	const struct approval_entry *entry = view->entry;
	struct arena *arena = output->arena;

	add_field(output, "asked by", person(arena, entry));
	if (entry->askers.count > 1)
		add_field(output, "all who asked", strings_join(arena, &entry->askers, ", "));
	add_field(output, "endpoint", entry->endpoint);
	if (entry->kind == APPROVAL_COMMAND)
		add_field(output, "defined as", entry->name);
	add_field(output, "program", view->program);
	add_field(output, "run as", entry->run_as);
	add_field(output, "acting as", entry->act_as);
	add_field(output, "profile", entry->profile);
	add_terms(output, &entry->terms);
	add_field(output, "interpreter", entry->interpreter);
	if (entry->kind == APPROVAL_FUNCTION && !view->part)
		add_field(output, "hash", arena_printf(arena, "sha256:%s", entry->digest));
	add_field(output, "refused as", entry->reason);
	add_field(output, "approvers", deciders(arena, entry));
	add_field(output, "agreed", strings_join(arena, &entry->votes, ", "));
	add_field(output, "approved", terms(arena, entry));
}

static void add_past(struct output *output, const struct approval_entry *entry)
{
	struct arena *arena = output->arena;

	output_text(output, "\nhistory:\n");
	for (size_t i = 0; i < entry->past_count; i++) {
		const struct approval_past *past = &entry->past[i];

		verb_add(output, "  %s  %-8s %s%s%s\n", verb_time(arena, past->when),
			approval_event_name(past->event), verb_escape(arena, past->who),
			past->reason != NULL ? ": " : "", verb_escape(arena, past->reason));
	}
}

/* function_rule() has a line for each input. */
static void add_rule(struct output *output, const struct verb_view *view)
{
	const struct approval_entry *entry = view->entry;
	size_t length;

	if (entry->kind != APPROVAL_FUNCTION || view->part)
		return;
	output_text(output, entry->rule[0] != '\0' ? "\ninputs:\n" : "\ninputs: none\n");
	for (const char *line = entry->rule; *line != '\0';
		line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		verb_add(output, "  %s\n", text_escape(output->arena, line, length));
	}
}

static void add_words(struct output *output, const struct approval_entry *entry)
{
	if (entry->kind != APPROVAL_COMMAND)
		return;
	output_text(output, "\nwords:\n");
	for (size_t i = 0; i < entry->argv.count; i++)
		verb_add(output, "%6zu  %s\n", i + 1,
			verb_escape(output->arena, entry->argv.items[i]));
}

static void add_warnings(struct output *output, const struct verb_view *view)
{
	bool command = view->entry->kind == APPROVAL_COMMAND;

	if (view->notes.count + view->danger.count == 0)
		return;
	output_text(output, "\nwarnings:\n");
	for (size_t i = 0; i < view->notes.count; i++)
		verb_add(output, "  %s\n", verb_escape(output->arena, view->notes.items[i]));
	for (size_t i = 0; i < view->danger.count; i++) {
		const struct danger_finding *finding = &view->danger.findings[i];

		if (finding->line == 0)
			verb_add(output, "  the words: %s\n", finding->why);
		else
			verb_add(output, "  %s %zu: %s\n", command ? "word" : "line", finding->line,
				finding->why);
		if (finding->more > 0)
			verb_add(output, "    and %zu more up to %s %zu\n", finding->more,
				command ? "word" : "line", finding->until);
	}
}

/* Said first, for who looks at the beginning of a long script alone. */
static void add_counts(struct output *output, const struct verb_view *view)
{
	struct arena *arena = output->arena;
	const char *text = view->entry->text;
	size_t lines = 0, warnings = view->notes.count + view->danger.total;

	for (const char *at = text; at != NULL && *at != '\0';) {
		lines++;
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	if (text != NULL)
		add_field(output, "script",
			arena_printf(arena, "%zu %s, %zu bytes, shown below", lines,
				lines == 1 ? "line" : "lines", strlen(text)));
	add_field(output, "warnings",
		warnings == 0 ? "none, which does not make it harmless"
			      : arena_printf(arena, "%zu, at the end", warnings));
}

/* What is decided about, once more: the beginning may have scrolled away. */
static void add_decision(struct output *output, const struct approval_entry *entry)
{
	struct arena *arena = output->arena;

	if (entry->state != APPROVAL_PENDING)
		return;
	verb_add(output,
		"\nnumber %lu, %s, for %s as %s at %s\n"
		"to decide: rolegatectl -e %s approve %lu --reason TEXT, or reject\n",
		entry->number,
		entry->kind == APPROVAL_FUNCTION
			? arena_printf(arena, "function %s", verb_escape(arena, entry->name))
			: "command",
		verb_escape(arena, entry->user), verb_escape(arena, entry->run_as),
		verb_escape(arena, entry->endpoint), verb_escape(arena, entry->endpoint),
		entry->number);
}

void verb_show_text(struct output *output, const struct verb_view *view)
{
	const struct approval_entry *entry = view->entry;

	verb_add(output, "number %lu: %s %s: %s\n", entry->number,
		entry->kind == APPROVAL_FUNCTION ? "function" : "command",
		verb_escape(output->arena,
			entry->kind == APPROVAL_FUNCTION ? entry->name : entry->words),
		approval_state_name(entry->state));
	add_subject(output, view);
	if (!view->part)
		add_counts(output, view);
	add_past(output, entry);
	add_rule(output, view);
	add_words(output, entry);
	if (!view->part)
		verb_show_script(output, view);
	add_warnings(output, view); /* last, where the eye is when a long script has gone by */
	if (!view->part)
		add_decision(output, entry);
}

static void json_past(struct output *output, const struct approval_entry *entry)
{
	json_out_open(output, "history", '[');
	for (size_t i = 0; i < entry->past_count; i++) {
		json_out_open(output, NULL, '{');
		json_out_number(output, "time", entry->past[i].when);
		json_out_string(output, "event", approval_event_name(entry->past[i].event));
		json_out_string(output, "who", entry->past[i].who);
		json_out_string(output, "reason", entry->past[i].reason);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void json_warnings(struct output *output, const struct verb_view *view)
{
	json_out_strings(output, "notes", &view->notes);
	json_out_open(output, "warnings", '[');
	for (size_t i = 0; i < view->danger.count; i++) {
		json_out_open(output, NULL, '{');
		json_out_number(output, view->entry->kind == APPROVAL_COMMAND ? "word" : "line",
			(int64_t)view->danger.findings[i].line);
		json_out_string(output, "why", view->danger.findings[i].why);
		if (view->danger.findings[i].more > 0)
			json_out_number(output, "more", (int64_t)view->danger.findings[i].more);
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void json_changes(struct output *output, const struct verb_view *view)
{
	struct arena *arena = output->arena;
	struct diff diff;

	json_out_number(output, "former", (int64_t)view->former->number);
	if (view->former->text == NULL || view->entry->text == NULL ||
		diff_lines(arena, view->former->text, view->entry->text, &diff) < 0)
		return;
	json_out_open(output, "changes", '[');
	for (size_t i = 0; i < diff.count; i++)
		json_out_string(output, NULL,
			arena_printf(arena, "%.*s%.*s", diff.lines[i].mark != '@',
				&diff.lines[i].mark, (int)diff.lines[i].length,
				diff.lines[i].text));
	json_out_close(output, ']');
}

void verb_show_json(struct output *output, const struct verb_view *view)
{
	json_out_open(output, NULL, '{');
	verb_entry_json(output, view->entry, !view->part);
	json_out_strings(output, "askers", &view->entry->askers);
	json_past(output, view->entry);
	json_warnings(output, view);
	if (!view->part && view->entry->kind == APPROVAL_FUNCTION)
		json_out_string(output, "inputs", view->entry->rule);
	if (view->entry->terms.count > 0)
		json_out_strings(output, "terms", &view->entry->terms);
	if (!view->part)
		json_out_string(output, "text", view->entry->text);
	if (view->former != NULL)
		json_changes(output, view);
	if (view->rejected != NULL)
		json_out_number(output, "rejected_before", (int64_t)view->rejected->number);
	json_out_close(output, '}');
	output_text(output, "\n");
}
