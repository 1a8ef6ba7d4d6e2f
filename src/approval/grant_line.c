/* The smallest grant for a call, as libconfig text. */
#include <string.h>

#include "approval/grant_parts.h"
#include "policy/merge.h"

static const char digits[] = "0123456789abcdef";

static bool is_control(char byte)
{
	return (unsigned char)byte < ' ' || byte == 0x7f;
}

/* A string of libconfig that is one line, and holds these bytes and no others. */
char *grant_quote(struct arena *arena, const char *text)
{
	char *quoted = arena_alloc(arena, strlen(text) * 4 + 3), *to = quoted;

	*to++ = '"';
	for (; *text != '\0'; text++) {
		if (is_control(*text)) {
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[(unsigned char)*text >> 4];
			*to++ = digits[*text & 15];
			continue;
		}
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '"';
	*to = '\0';
	return quoted;
}

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

/* A pattern that matches `text` and nothing else. */
static char *exact_pattern(struct arena *arena, const char *text)
{
	char *pattern = arena_alloc(arena, strlen(text) * 4 + 1), *to = pattern;

	for (; *text != '\0'; text++) {
		if (is_control(*text)) {
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[(unsigned char)*text >> 4];
			*to++ = digits[*text & 15];
			continue;
		}
		if (!is_plain(*text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	return pattern;
}

static bool has_pattern(const struct command *command, const struct parameter *parameter,
	const struct role_set *roles)
{
	const struct grants *grants = command->grants;

	for (size_t i = 0; grants != NULL && i < grants->count; i++) {
		const struct constraint *constraint = grant_constraint(grants->items[i], parameter);

		if (constraint != NULL && constraint->has_pattern &&
			role_set_has(roles, grants->items[i]->role))
			return true;
	}
	return false;
}

/* A text of several lines: no string of a configuration holds it, but a pattern can say it. */
static bool has_lines(const struct argument *argument)
{
	for (size_t i = 0; i < argument->count; i++)
		for (const char *text = argument->values[i].text; *text != '\0'; text++)
			if (is_control(*text))
				return true;
	return false;
}

/* "unit\\.service|other": one pattern, since an entry has one. */
static char *value_pattern(struct arena *arena, const struct argument *argument)
{
	struct strings patterns = {0};

	for (size_t i = 0; i < argument->count; i++)
		strings_add(arena, &patterns, exact_pattern(arena, argument->values[i].text));
	return grant_quote(arena, strings_join(arena, &patterns, "|"));
}

static char *value_set(struct arena *arena, const struct argument *argument)
{
	struct strings values = {0};

	for (size_t i = 0; i < argument->count; i++) {
		const char *value = grant_quote(arena, argument->values[i].text);

		if (!strings_contain(&values, value))
			strings_add(arena, &values, value);
	}
	return strings_join(arena, &values, ", ");
}

static char *parameter_text(struct arena *arena, const struct command *command,
	const struct parameter *parameter, const struct argument *argument,
	const struct role_set *roles)
{
	const char *name = grant_quote(arena, parameter->name);

	if (parameter->type == PARAMETER_FLAG || parameter->secret)
		return arena_printf(arena, "{ name = %s; }", name);
	if (has_pattern(command, parameter, roles) || has_lines(argument))
		return arena_printf(arena, "{ name = %s; pattern = %s; }", name,
			value_pattern(arena, argument));
	return arena_printf(
		arena, "{ name = %s; set = [ %s ]; }", name, value_set(arena, argument));
}

char *approval_grant_line(struct arena *arena, const struct command *command,
	const struct arguments *arguments, const struct role_set *roles)
{
	struct strings parameters = {0};

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct argument *argument = &arguments->items[i];

		if (argument->count > 0 && argument->values[0].word != SIZE_MAX)
			strings_add(arena, &parameters,
				parameter_text(arena, command, &command->parameters.items[i],
					argument, roles));
	}
	return arena_printf(arena, "{ name = %s; parameters = (%s%s%s); }",
		grant_quote(arena, command->name), parameters.count > 0 ? " " : "",
		strings_join(arena, &parameters, ", "), parameters.count > 0 ? " " : "");
}
