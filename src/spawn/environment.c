#include "spawn/environment.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define FIXED_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { TERM_LENGTH_MAX = 64, FIXED_COUNT_MAX = 9 };

struct builder {
	struct arena *arena;
	char **items;
	size_t count;
	size_t fixed; /* the first so many can't be replaced */
};

/* The index of NAME=…, or `count`. */
static size_t find(const struct builder *builder, const char *name)
{
	size_t length = strlen(name), i;

	for (i = 0; i < builder->count; i++)
		if (strncmp(builder->items[i], name, length) == 0 &&
			builder->items[i][length] == '=')
			break;
	return i;
}

static void add(struct builder *builder, const char *name, const char *value)
{
	builder->items[builder->count++] = arena_printf(builder->arena, "%s=%s", name, value);
}

/* terminfo(5) names only: a path, or a %-sequence, would be read by the program's own library. */
static bool is_terminal_name(const char *term)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-._";
	size_t length = strlen(term);

	return length > 0 && length <= TERM_LENGTH_MAX && strspn(term, allowed) == length &&
		strchr("+-._", term[0]) == NULL;
}

/* The loader refuses all of these already; a role must not depend on that alone. */
static bool is_settable(const struct builder *builder, const struct variable *variable)
{
	static const char *const never[] = { "TERM", "IFS", "ENV", "BASH_ENV" };

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (strcmp(variable->name, never[i]) == 0)
			return false;
	return text_is_variable(variable->name) &&
		find(builder, variable->name) >= builder->fixed &&
		strncmp(variable->name, "LD_", 3) != 0 &&
		strncmp(variable->name, "ROLEGATE_", 9) != 0 &&
		strncmp(variable->name, "rolegate_", 9) != 0;
}

/* A later definition of the same name replaces the earlier one: the command's, the roles'. */
static void set(struct builder *builder, const struct variable *variable)
{
	size_t place = find(builder, variable->name);

	if (!is_settable(builder, variable))
		return;
	if (place < builder->count)
		builder->items[place] =
			arena_printf(builder->arena, "%s=%s", variable->name, variable->value);
	else
		add(builder, variable->name, variable->value);
}

char **environment_build(struct arena *arena, const struct environment_facts *facts)
{
	static const struct variables none = { .count = 0 };
	const struct variables *own = facts->function == NULL ? &none : facts->function;
	size_t extra = facts->variables != NULL ? facts->variables->count : 0;
	struct builder builder = {
		.arena = arena,
		.items = arena_array(arena, FIXED_COUNT_MAX + extra + own->count + 1, sizeof(char *)),
	};

	add(&builder, "PATH", FIXED_PATH);
	add(&builder, "HOME", facts->account->home);
	add(&builder, "USER", facts->account->name);
	add(&builder, "LOGNAME", facts->account->name);
	add(&builder, "SHELL", facts->account->shell);
	add(&builder, "LANG", "C.UTF-8");
	if (facts->term != NULL)
		add(&builder, "TERM", is_terminal_name(facts->term) ? facts->term : "dumb");
	if (facts->user != NULL)
		add(&builder, "ROLEGATE_USER", facts->user);
	if (facts->request != NULL)
		add(&builder, "ROLEGATE_REQUEST", facts->request);
	builder.fixed = builder.count;
	for (size_t i = 0; i < extra; i++)
		set(&builder, &facts->variables->items[i]);
	for (size_t i = 0; i < own->count; i++)
		add(&builder, own->items[i].name, own->items[i].value);
	return builder.items;
}
