/* What roles may run, as an operator reads it at the prompt and a reviewer with `show`. */
#include <inttypes.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/entry.h"
#include "answer/examples.h"
#include "answer/page.h"
#include "answer/usage.h"
#include "policy/line.h"

enum {
	INDENT = 4,
	LABEL_MAX = 28,	    /* columns of the spellings beside which values stand */
	VALUES_LISTED = 24, /* of one parameter, unless one command is described */
};

struct text {
	struct output output;
	const struct endpoint *endpoint;
	bool with_sources;
	bool all_values;
	size_t column; /* where the values of the current command stand */
};

static void add_source(struct text *text, size_t indent, const char *how, const struct role *role,
	struct source source, const char *wildcard)
{
	struct arena *arena = text->output.arena;
	const char *as = wildcard == NULL ? "" : arena_printf(arena, ", as \"%s\"", wildcard);

	page_line(&text->output, indent,
		source.line == 0
			? arena_printf(arena, "%s role %s (%s%s)", how, role->name, source.file, as)
			: arena_printf(arena, "%s role %s (%s:%u%s)", how, role->name, source.file,
				  source.line, as));
}

/* As they are typed, with commas; the last of a cut list says how many are missing. */
static struct strings list_values(
	const struct text *text, const struct strings *values, const char *separator, bool quoted)
{
	struct arena *arena = text->output.arena;
	size_t limit =
		text->all_values || values->count <= VALUES_LISTED ? values->count : VALUES_LISTED;
	struct strings items = {0};

	for (size_t i = 0; i < limit; i++) {
		const char *value = values->items[i];

		if (quoted)
			value = line_quote(arena, &value, 1);
		strings_add(arena, &items,
			i + 1 < values->count ? arena_printf(arena, "%s%s", value, separator)
					      : value);
	}
	if (limit < values->count)
		strings_add(
			arena, &items, arena_printf(arena, "and %zu more", values->count - limit));
	return items;
}

/* What may be given, for these values of a permission. */
static struct strings describe_values(
	const struct text *text, const struct permitted_value *values, size_t count)
{
	struct arena *arena = text->output.arena;
	struct strings texts = permitted_texts(arena, values, count), items = {0};

	if (count > 0 && values[0].constraint->parameter->secret)
		return page_words(arena, "a secret that a role allows");
	if (count == 0 || values[0].value != NULL)
		return list_values(text, &texts, ",", true);
	strings_add(arena, &items, "what matches");
	texts = list_values(text, &texts, " or", false);
	for (size_t i = 0; i < texts.count; i++)
		strings_add(arena, &items, texts.items[i]);
	return items;
}

/* Each role file's own values, and where it says so. */
static void add_with_sources(
	struct text *text, const char *label, const struct permitted_value *values, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		struct strings items;

		for (next = i + 1; next < count && values[next].constraint == values[i].constraint;)
			next++;
		items = describe_values(text, values + i, next - i);
		page_items(&text->output, INDENT, i == 0 ? label : "", text->column, &items);
		add_source(text, text->column + 2, "from", values[i].grant->role,
			values[i].constraint->source, NULL);
	}
}

static void add_ignored(struct text *text, const struct parameter_permission *permission)
{
	struct strings note = page_words(
		text->output.arena, "not used, because patterns take the place of sets (rule 7):");

	if (permission->ignored_count == 0)
		return;
	page_items(&text->output, INDENT, "", text->column, &note);
	add_with_sources(text, "", permission->ignored, permission->ignored_count);
}

static void add_opened(struct text *text, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	for (size_t i = 0; text->with_sources && i < permission->grant_count; i++) {
		const struct grant *grant = permission->grants[i];
		const struct constraint *constraint = grant_constraint(grant, parameter);

		add_source(text, text->column + 2, "from", grant->role,
			constraint != NULL ? constraint->source : grant->source, NULL);
	}
	if (text->with_sources && permission->grant_count == 0)
		page_line(&text->output, text->column + 2, "common to all grants");
}

static void add_values(struct text *text, const struct parameter *parameter, const char *label,
	const struct parameter_permission *permission)
{
	struct strings items;

	if (permission->kind == PERMISSION_ANY) {
		items = usage_values(text->output.arena, parameter);
		if (items.count > 0 || label[0] != '\0')
			page_items(&text->output, INDENT, label, text->column, &items);
		add_opened(text, parameter, permission);
		return;
	}
	if (text->with_sources) {
		add_with_sources(text, label, permission->values, permission->value_count);
		add_ignored(text, permission);
		return;
	}
	items = describe_values(text, permission->values, permission->value_count);
	page_items(&text->output, INDENT, label, text->column, &items);
}

static void add_parameter(struct text *text, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	struct arena *arena = text->output.arena;
	const char *label = usage_label(arena, parameter);
	struct strings words = {0};

	if (parameter->description != NULL)
		words = page_words(arena, parameter->description);
	if (words.count > 0) {
		page_items(&text->output, INDENT, label, text->column, &words);
		label = "";
	}
	add_values(text, parameter, label, permission);
	words = usage_condition(arena, parameter);
	if (words.count > 0)
		page_items(&text->output, INDENT, "", text->column, &words);
}

static size_t label_column(struct arena *arena, const struct permission *permission)
{
	size_t widest = 0;

	for (size_t i = 0; i < permission->command->parameters.count; i++) {
		size_t width =
			page_columns(usage_label(arena, &permission->command->parameters.items[i]));

		if (permission->parameters[i].kind != PERMISSION_NONE && width <= LABEL_MAX &&
			width > widest)
			widest = width;
	}
	return INDENT + widest + 2;
}

/* The program with its fixed arguments, or which script; never a script's text. */
static const char *what_runs(struct arena *arena, const struct command *command)
{
	const struct function *function = command->function;
	const char *fixed = line_quote(arena, command->arguments.items, command->arguments.count);
	const char *program = line_quote(arena, &command->program, 1);

	if (function == NULL)
		return arena_printf(
			arena, "%s%s%s", program, fixed[0] != '\0' ? " " : "", fixed);
	return function->script.path == NULL ? "a script of the configuration"
					     : arena_printf(arena, "the script %s", program);
}

static void add_how_it_runs(struct text *text, const struct command *command)
{
	const char *run_as = command->run_as;
	struct arena *arena = text->output.arena;

	if (run_as == NULL && text->endpoint != NULL)
		run_as = text->endpoint->run_as;
	page_line(&text->output, INDENT,
		arena_printf(arena, "runs %s%s%s", what_runs(arena, command),
			run_as != NULL ? " as " : "",
			run_as == NULL			? ""
			: strcmp(run_as, "caller") == 0 ? "the caller"
							: run_as));
}

/* Its own profile; that of the endpoint confines whatever runs through it. */
static void add_confinement(struct text *text, const struct command *command)
{
	struct arena *arena = text->output.arena;
	const char *own = command->profile_name != NULL ? command->profile_name : "standard";
	const char *ceiling = text->endpoint == NULL ? NULL : text->endpoint->profile_name;
	struct strings parts = {0};

	strings_add(arena, &parts, arena_printf(arena, "profile %s", own));
	if (ceiling != NULL && strcmp(ceiling, own) != 0)
		strings_add(arena, &parts, arena_printf(arena, " within %s", ceiling));
	if (command->command_class != CLASS_UNKNOWN)
		strings_add(arena, &parts,
			arena_printf(
				arena, ", class %s", command_class_name(command->command_class)));
	page_line(&text->output, INDENT, strings_join(arena, &parts, ""));
}

static void add_transcript(struct text *text, const struct permission *permission)
{
	const char *transcript = transcript_text(transcript_of(text->endpoint, permission));

	if (transcript != NULL)
		page_line(&text->output, INDENT,
			arena_printf(text->output.arena, "transcript %s", transcript));
}

static void add_entry(struct text *text, const struct entry *entry)
{
	const struct command *command = entry->command;
	const struct permission *permission = &entry->permission;
	struct strings usage = usage_words(text->output.arena, permission);

	page_items(&text->output, 0, "", 0, &usage);
	if (command->function != NULL)
		page_line(&text->output, INDENT,
			command->enabled ? "(function)" : "(function, disabled)");
	else if (!command->enabled)
		page_line(&text->output, INDENT, "(disabled)");
	if (command->description != NULL) {
		struct strings words = page_words(text->output.arena, command->description);

		page_items(&text->output, INDENT, "", INDENT, &words);
	}
	if (command->needs_terminal)
		page_line(&text->output, INDENT, "needs a terminal");
	if (entry->alone != NULL)
		page_line(&text->output, INDENT,
			arena_printf(text->output.arena, "with role %s alone", entry->alone->name));
	if (text->with_sources || text->all_values) {
		add_how_it_runs(text, command);
		add_confinement(text, command);
		add_transcript(text, permission);
	}
	for (size_t i = 0; text->with_sources && i < permission->grant_count; i++)
		add_source(text, INDENT, "granted by", permission->grants[i]->role,
			permission->grants[i]->source, permission->grants[i]->wildcard);
	if (permission->parameters == NULL)
		return;
	text->column = label_column(text->output.arena, permission);
	for (size_t i = 0; i < command->parameters.count; i++)
		if (permission->parameters[i].kind != PERMISSION_NONE)
			add_parameter(
				text, &command->parameters.items[i], &permission->parameters[i]);
}

/* As they are typed. */
static void add_examples(struct text *text, const struct policy *policy,
	const struct role_set *roles, const struct entry *entry)
{
	struct arena *arena = text->output.arena;
	struct examples examples = examples_of(arena, policy, text->endpoint, roles, entry);

	for (size_t i = 0; i < examples.count; i++) {
		if (i == 0)
			page_line(&text->output, INDENT, "for example:");
		page_line(&text->output, INDENT + 2,
			line_quote(arena, examples.items[i].items, examples.items[i].count));
	}
}

static void add_aliases(
	struct text *text, const struct policy *policy, const struct role_set *roles)
{
	bool first = true;

	for (size_t i = 0; i < policy->alias_count; i++) {
		const struct alias *alias = policy->aliases[i];

		if (!entry_has_alias(text->output.arena, policy, text->endpoint, roles, alias))
			continue;
		if (first)
			page_line(&text->output, 0, "");
		page_line(&text->output, 0,
			arena_printf(text->output.arena, "%s: short for \"%s\"", alias->name,
				alias->target));
		first = false;
		for (size_t j = 0; text->with_sources && j < alias->view_count; j++)
			if (role_set_has(roles, alias->views[j].role))
				add_source(text, INDENT, "from", alias->views[j].role,
					alias->views[j].source, NULL);
	}
}

static void add_areas(struct text *text, const struct policy *policy, const struct role_set *roles)
{
	struct areas areas = areas_of(text->output.arena, policy, roles);

	for (size_t i = 0; i < areas.count; i++) {
		const struct area *area = &areas.items[i];
		struct strings read = list_values(text, &area->provider->read, ",", true);
		struct strings write = list_values(text, &area->provider->write, ",", true);

		if (i == 0)
			page_line(&text->output, 0, "");
		page_line(&text->output, 0,
			arena_printf(text->output.arena, "%s: files", area->provider->name));
		if (read.count > 0)
			page_items(&text->output, INDENT, "read", INDENT + 7, &read);
		if (write.count > 0)
			page_items(&text->output, INDENT, "write", INDENT + 7, &write);
		if (text->with_sources)
			add_source(text, INDENT, "from", area->role, area->source, NULL);
	}
}

static void add_drive(struct text *text, const struct endpoint *endpoint,
	const struct role_set *roles)
{
	struct arena *arena = text->output.arena;
	const struct drive *drive = endpoint == NULL ? NULL : endpoint->drive;

	if (drive == NULL || roles->count == 0 || !role_set_reaches(roles, DRIVE_COMMAND))
		return;
	page_line(&text->output, 0, "");
	page_line(&text->output, 0,
		arena_printf(arena, "A drive for sftp and scp: %s", drive_text(arena, drive)));
}

/* "dana has the roles log-reader and web-operator." */
static void add_heading(struct text *text, const struct policy *policy,
	const struct role_set *roles, const char *user)
{
	struct arena *arena = text->output.arena;
	struct strings names = role_set_names(arena, policy, roles), items = {0};

	if (user == NULL && !text->with_sources)
		return;
	strings_add(arena, &items,
		user != NULL ? arena_printf(arena, "%s has", user) : "Somebody with");
	strings_add(arena, &items,
		names.count == 0   ? "no role"
		: names.count == 1 ? "the role"
				   : "the roles");
	for (size_t i = 0; i < names.count; i++)
		strings_add(arena, &items,
			i + 2 < names.count    ? arena_printf(arena, "%s,", names.items[i])
			: i + 2 == names.count ? arena_printf(arena, "%s and", names.items[i])
					       : names.items[i]);
	strings_add(arena, &items, "may run:");
	if (user != NULL)
		items.items[items.count - 1] = "and may run:";
	page_items(&text->output, 0, "", 0, &items);
	page_line(&text->output, 0, "");
}

char *answer_list_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *user,
	bool with_sources)
{
	struct entries entries = entries_of(arena, policy, endpoint, roles, NULL);
	struct text text = {
		.output.arena = arena, .endpoint = endpoint, .with_sources = with_sources};

	add_heading(&text, policy, roles, user);
	for (size_t i = 0; i < entries.count; i++) {
		if (i > 0)
			page_line(&text.output, 0, "");
		add_entry(&text, &entries.items[i]);
	}
	if (entries.count == 0)
		page_line(&text.output, 0, "No command is allowed.");
	add_aliases(&text, policy, roles);
	add_areas(&text, policy, roles);
	add_drive(&text, endpoint, roles);
	return output_end(&text.output);
}

char *answer_describe_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *const *words,
	size_t count)
{
	size_t name_words;
	const struct command *command = decide_command(policy, roles, words, count, &name_words);
	struct text text = {.output.arena = arena, .endpoint = endpoint, .all_values = true};
	struct entries entries;

	if (command == NULL)
		return NULL;
	entries = entries_of(arena, policy, endpoint, roles, command);
	for (size_t i = 0; i < entries.count; i++) {
		if (i > 0)
			page_line(&text.output, 0, "");
		add_entry(&text, &entries.items[i]);
		add_examples(&text, policy, roles, &entries.items[i]);
	}
	return output_end(&text.output);
}
