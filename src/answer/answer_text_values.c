/* What may be given for each parameter of a command, and which role says so. */
#include "answer/answer_text_parts.h"
#include "answer/usage.h"
#include "policy/line.h"

enum {
	LABEL_MAX = 28,	    /* columns of the spellings beside which values stand */
	VALUES_LISTED = 24, /* of one parameter, unless one command is described */
};

void answer_text_source(struct answer_text *text, size_t indent, const char *how,
	const struct role *role, struct source source, const char *wildcard)
{
	struct arena *arena = text->output.arena;
	const char *as = wildcard == NULL ? "" : arena_printf(arena, ", as \"%s\"", wildcard);

	page_line(&text->output, indent,
		source.line == 0
			? arena_printf(arena, "%s role %s (%s%s)", how, role->name, source.file, as)
			: arena_printf(arena, "%s role %s (%s:%u%s)", how, role->name, source.file,
				  source.line, as));
}

struct strings answer_text_list(const struct answer_text *text, const struct strings *values,
	const char *separator, bool quoted)
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
	const struct answer_text *text, const struct permitted_value *values, size_t count)
{
	struct arena *arena = text->output.arena;
	struct strings texts = permitted_texts(arena, values, count), items = {0};

	if (count > 0 && values[0].constraint->parameter->secret)
		return page_words(arena, "a secret that a role allows");
	if (count == 0 || values[0].value != NULL)
		return answer_text_list(text, &texts, ",", true);
	strings_add(arena, &items, "what matches");
	texts = answer_text_list(text, &texts, " or", false);
	for (size_t i = 0; i < texts.count; i++)
		strings_add(arena, &items, texts.items[i]);
	return items;
}

/* Each role file's own values, and where it says so. */
static void add_with_sources(struct answer_text *text, const char *label,
	const struct permitted_value *values, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		struct strings items;

		for (next = i + 1; next < count && values[next].constraint == values[i].constraint;)
			next++;
		items = describe_values(text, values + i, next - i);
		page_items(&text->output, TEXT_INDENT, i == 0 ? label : "", text->column, &items);
		answer_text_source(text, text->column + 2, "from", values[i].grant->role,
			values[i].constraint->source, NULL);
	}
}

static void add_ignored(struct answer_text *text, const struct parameter_permission *permission)
{
	struct strings note = page_words(
		text->output.arena, "not used, because patterns take the place of sets (rule 7):");

	if (permission->ignored_count == 0)
		return;
	page_items(&text->output, TEXT_INDENT, "", text->column, &note);
	add_with_sources(text, "", permission->ignored, permission->ignored_count);
}

static void add_opened(struct answer_text *text, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	for (size_t i = 0; text->with_sources && i < permission->grant_count; i++) {
		const struct grant *grant = permission->grants[i];
		const struct constraint *constraint = grant_constraint(grant, parameter);

		answer_text_source(text, text->column + 2, "from", grant->role,
			constraint != NULL ? constraint->source : grant->source, NULL);
	}
	if (text->with_sources && permission->grant_count == 0)
		page_line(&text->output, text->column + 2, "common to all grants");
}

static void add_values(struct answer_text *text, const struct parameter *parameter,
	const char *label, const struct parameter_permission *permission)
{
	struct strings items;

	if (permission->kind == PERMISSION_ANY) {
		items = usage_values(text->output.arena, parameter);
		if (items.count > 0 || label[0] != '\0')
			page_items(&text->output, TEXT_INDENT, label, text->column, &items);
		add_opened(text, parameter, permission);
		return;
	}
	if (text->with_sources) {
		add_with_sources(text, label, permission->values, permission->value_count);
		add_ignored(text, permission);
		return;
	}
	items = describe_values(text, permission->values, permission->value_count);
	page_items(&text->output, TEXT_INDENT, label, text->column, &items);
}

static void add_parameter(struct answer_text *text, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	struct arena *arena = text->output.arena;
	const char *label = usage_label(arena, parameter);
	struct strings words = {0};

	if (parameter->description != NULL)
		words = page_words(arena, parameter->description);
	if (words.count > 0) {
		page_items(&text->output, TEXT_INDENT, label, text->column, &words);
		label = "";
	}
	add_values(text, parameter, label, permission);
	words = usage_condition(arena, parameter);
	if (words.count > 0)
		page_items(&text->output, TEXT_INDENT, "", text->column, &words);
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
	return TEXT_INDENT + widest + 2;
}

void answer_text_parameters(struct answer_text *text, const struct permission *permission)
{
	const struct parameters *parameters = &permission->command->parameters;

	if (permission->parameters == NULL)
		return;
	text->column = label_column(text->output.arena, permission);
	for (size_t i = 0; i < parameters->count; i++)
		if (permission->parameters[i].kind != PERMISSION_NONE)
			add_parameter(text, &parameters->items[i], &permission->parameters[i]);
}
