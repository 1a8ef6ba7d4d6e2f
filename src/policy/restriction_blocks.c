/* What a profile says of a command before it runs. */
#include "base/text.h"
#include "policy/call.h"
#include "policy/restriction.h"

/* `profile "a"` or `profiles "a" and "b"` */
static const char *profiles_text(
	struct arena *arena, const struct restriction *restriction, enum restriction_field field)
{
	const struct restriction_origins *origins = &restriction->origins[field];
	struct strings names = {0};

	for (size_t i = 0; i < origins->count; i++) {
		const char *name = arena_printf(arena, "\"%s\"", origins->items[i].profile);

		if (!strings_contain(&names, name))
			strings_add(arena, &names, name);
	}
	return arena_printf(arena, "profile%s %s", names.count == 1 ? "" : "s",
		strings_join(arena, &names, " and "));
}

static bool matches(const struct strings *names, const char *command)
{
	for (size_t i = 0; i < names->count; i++)
		if (text_wildcard(names->items[i], command))
			return true;
	return false;
}

static bool is_allowed(const struct restriction *restriction, const char *command)
{
	for (size_t i = 0; i < restriction->allowed_count; i++)
		if (!matches(&restriction->allowed[i], command))
			return false;
	return true;
}

/* What says nothing of itself is taken for the worst. */
static enum command_class taken_for(enum command_class command_class)
{
	return command_class == CLASS_UNKNOWN ? CLASS_ELEVATED : command_class;
}

static bool is_class_allowed(unsigned classes, enum command_class command_class)
{
	return (classes & (unsigned)taken_for(command_class)) != 0;
}

const char *restriction_blocks(struct arena *arena, const struct restriction *restriction,
	const char *command, enum command_class command_class, const char *program)
{
	const char *name = call_quote(arena, command);

	if (restriction->has[RESTRICT_BLOCKED] && matches(&restriction->blocked, command))
		return arena_printf(arena, "%s is blocked by %s", name,
			profiles_text(arena, restriction, RESTRICT_BLOCKED));
	if (restriction->has[RESTRICT_ALLOWED] && !is_allowed(restriction, command))
		return arena_printf(arena, "%s is not among the commands that %s allows", name,
			profiles_text(arena, restriction, RESTRICT_ALLOWED));
	if (restriction->has[RESTRICT_CLASSES] &&
		!is_class_allowed(restriction->classes, command_class))
		return arena_printf(arena, "%s %s%s, which %s does not let through", name,
			command_class == CLASS_UNKNOWN ? "has no class, so that it counts as "
						       : "is of class ",
			command_class_name(taken_for(command_class)),
			profiles_text(arena, restriction, RESTRICT_CLASSES));
	if (restriction->has[RESTRICT_HIDDEN] &&
		restriction_path_within(program, &restriction->hidden))
		return arena_printf(arena, "the program of %s is hidden by %s", name,
			profiles_text(arena, restriction, RESTRICT_HIDDEN));
	return NULL;
}
