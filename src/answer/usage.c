#include "answer/usage.h"

#include <inttypes.h>
#include <string.h>

#include "answer/page.h"
#include "policy/line.h"
#include "policy/validate.h"

static char *placeholder(struct arena *arena, const struct parameter *parameter)
{
	char *text = arena_strdup(arena, parameter->name);

	for (char *letter = text; *letter != '\0'; letter++)
		if (*letter >= 'a' && *letter <= 'z')
			*letter = (char)(*letter - 'a' + 'A');
	return text;
}

static bool is_operand(const struct parameter *parameter)
{
	return parameter->options.count == 0 && parameter->position != 0;
}

/* Written the shortest way, in brackets where it may be left out. */
static const char *synopsis(struct arena *arena, const struct parameter *parameter)
{
	const char *value = parameter->type == PARAMETER_FLAG ? "" : placeholder(arena, parameter);
	const char *option = parameter->options.count > 0 ? parameter->options.items[0]
			     : is_operand(parameter)	  ? ""
						     : arena_printf(arena, "--%s", parameter->name);
	const char *text = arena_printf(arena, "%s%s%s%s", option,
		option[0] != '\0' && value[0] != '\0' ? " " : "", value,
		parameter->repeat > 1 ? " ..." : "");

	if (parameter->required && parameter->show_if == NULL)
		return text;
	return arena_printf(arena, "[%s]", text);
}

static void add_synopses(struct arena *arena, const struct permission *permission, bool operands,
	struct strings *words)
{
	const struct parameters *parameters = &permission->command->parameters;

	for (unsigned position = 0; position <= parameters->positions; position++)
		for (size_t i = 0; i < parameters->count; i++) {
			const struct parameter *parameter = &parameters->items[i];

			if (permission->parameters[i].kind != PERMISSION_NONE &&
				parameter->position == position &&
				is_operand(parameter) == operands)
				strings_add(arena, words, synopsis(arena, parameter));
		}
}

struct strings usage_words(struct arena *arena, const struct permission *permission)
{
	const struct command *command = permission->command;
	struct strings words = {0};

	if (command->external) {
		strings_add(arena, &words, line_quote(arena, &command->name, 1));
		strings_add(arena, &words, "[ARGUMENT ...]");
		return words;
	}
	words = page_words(arena, command->name);
	add_synopses(arena, permission, false, &words);
	add_synopses(arena, permission, true, &words);
	return words;
}

char *usage_label(struct arena *arena, const struct parameter *parameter)
{
	const char *spelled = parameter_usage(arena, parameter);

	if (is_operand(parameter) || parameter->type == PARAMETER_FLAG)
		return arena_strdup(arena, spelled);
	return arena_printf(arena, "%s %s", spelled, placeholder(arena, parameter));
}

static const char *path_place(struct arena *arena, const struct parameter *parameter)
{
	if (parameter->under.count == 0)
		return "an absolute path";
	return arena_printf(
		arena, "a path under %s", strings_join(arena, &parameter->under, " or "));
}

static const char *expected_text(struct arena *arena, const struct parameter *parameter)
{
	bool lines = parameter->type == PARAMETER_TEXT;
	const char *any = lines ? "text of several lines" : "any text";

	if (parameter->validate != NULL && !(lines && parameter->validate->pattern == NULL))
		return parameter->validate->expected;
	return parameter->has_pattern
		       ? arena_printf(arena, "what matches %s", parameter->pattern.text)
		       : any;
}

static const char *drive_file_text(struct arena *arena, const struct parameter *parameter)
{
	static const char text[] = "the name of a file in your drive (sftp, scp)";

	return parameter->has_pattern
		       ? arena_printf(arena, "%s that matches %s", text, parameter->pattern.text)
		       : text;
}

static const char *expected(struct arena *arena, const struct parameter *parameter)
{
	switch (parameter->type) {
	case PARAMETER_FLAG:
		return "";
	case PARAMETER_INTEGER:
		return validate_integer_range(arena, parameter);
	case PARAMETER_PATH:
		return path_place(arena, parameter);
	case PARAMETER_CHOICE:
		return parameter->choices_from == NULL
			       ? strings_join(arena, &parameter->choices, ", ")
			       : arena_printf(arena, "one of those that \"%s\" lists",
					 parameter->choices_from->name);
	case PARAMETER_BOOLEAN:
		return "true or false";
	case PARAMETER_DATE:
		return "a date, such as 2026-01-31";
	case PARAMETER_DRIVE_FILE:
		return drive_file_text(arena, parameter);
	case PARAMETER_STRING:
	case PARAMETER_TEXT:
		break;
	}
	return expected_text(arena, parameter);
}

struct strings usage_condition(struct arena *arena, const struct parameter *parameter)
{
	if (parameter->show_if == NULL)
		return (struct strings){0};
	return page_words(arena,
		arena_printf(arena, "only while %s is %s%s",
			parameter_usage(arena, parameter->show_if),
			strings_join(arena, &parameter->show_values, " or "),
			parameter->required ? ", and required then" : ""));
}

struct strings usage_values(struct arena *arena, const struct parameter *parameter)
{
	struct strings parts = {0};
	const char *text = parameter->secret ? "a secret, kept out of all records"
					     : expected(arena, parameter);

	if (text[0] != '\0')
		strings_add(arena, &parts, text);
	if (parameter->default_value != NULL && !parameter->secret)
		strings_add(arena, &parts,
			parameter->type == PARAMETER_FLAG
				? "on by default"
				: arena_printf(arena, "default %s", parameter->default_value));
	if (parameter->repeat > 1)
		strings_add(arena, &parts, arena_printf(arena, "at most %u", parameter->repeat));
	return page_words(arena, strings_join(arena, &parts, "; "));
}
