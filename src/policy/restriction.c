#include "policy/restriction.h"

#include <string.h>

static bool has_origin(
	const struct restriction_origins *origins, const struct restriction_origin *wanted)
{
	for (size_t i = 0; i < origins->count; i++) {
		const struct restriction_origin *item = &origins->items[i];

		if (strcmp(item->profile, wanted->profile) == 0 &&
			strcmp(item->source.file, wanted->source.file) == 0 &&
			item->source.line == wanted->source.line)
			return true;
	}
	return false;
}

void restriction_add_origins(struct arena *arena, struct restriction_origins *into,
	const struct restriction_origins *other)
{
	struct restriction_origins joined = {
		arena_array(arena, into->count + other->count, sizeof(*joined.items)), into->count};

	if (into->count > 0)
		memcpy(joined.items, into->items, into->count * sizeof(*into->items));
	for (size_t i = 0; i < other->count; i++)
		if (!has_origin(&joined, &other->items[i]))
			joined.items[joined.count++] = other->items[i];
	*into = joined;
}

static bool is_limit(enum restriction_field field)
{
	return field >= RESTRICT_PROCESSES && field <= RESTRICT_SECONDS;
}

struct strings *restriction_list(struct restriction *restriction, enum restriction_field field)
{
	switch (field) {
	case RESTRICT_READ:
		return &restriction->read;
	case RESTRICT_WRITE:
		return &restriction->write;
	case RESTRICT_HIDDEN:
		return &restriction->hidden;
	case RESTRICT_PROTECTED:
		return &restriction->protected_names;
	case RESTRICT_SYSTEM_CALLS:
		return &restriction->denied_calls;
	case RESTRICT_BLOCKED:
		return &restriction->blocked;
	default:
		return NULL;
	}
}

static const struct strings *list_in(
	const struct restriction *restriction, enum restriction_field field)
{
	return restriction_list((struct restriction *)(uintptr_t)restriction, field);
}

static void copy_value(
	struct restriction *into, const struct restriction *other, enum restriction_field field)
{
	if (field == RESTRICT_SYSTEM_CALLS)
		into->denied_names = other->denied_names;
	if (list_in(other, field) != NULL)
		*restriction_list(into, field) = *list_in(other, field);
	else if (is_limit(field))
		into->limits[field] = other->limits[field];
	else if (field == RESTRICT_EXECUTE) {
		into->execute = other->execute;
		into->execute_paths = other->execute_paths;
	} else if (field == RESTRICT_NETWORK)
		into->network = other->network;
	else if (field == RESTRICT_PROC)
		into->own_proc = other->own_proc;
	else if (field == RESTRICT_TMP)
		into->own_tmp = other->own_tmp;
	else if (field == RESTRICT_CAPABILITIES)
		into->capabilities = other->capabilities;
	else if (field == RESTRICT_ALLOWED) {
		into->allowed = other->allowed;
		into->allowed_count = other->allowed_count;
	} else if (field == RESTRICT_CLASSES)
		into->classes = other->classes;
	else if (field == RESTRICT_AUDIT)
		into->audit = other->audit;
}

void restriction_copy_field(
	struct restriction *into, const struct restriction *other, enum restriction_field field)
{
	copy_value(into, other, field);
	into->has[field] = other->has[field];
	into->origins[field] = other->origins[field];
}

/* Fields with an order: less than 0 when the left one is the stricter. */
static int compare_strictness(const struct restriction *left, const struct restriction *right,
	enum restriction_field field)
{
	if (is_limit(field))
		return (left->limits[field] > right->limits[field]) -
		       (left->limits[field] < right->limits[field]);
	if (field == RESTRICT_NETWORK)
		return (int)left->network - (int)right->network;
	if (field == RESTRICT_PROC)
		return (int)right->own_proc - (int)left->own_proc;
	if (field == RESTRICT_TMP)
		return (int)right->own_tmp - (int)left->own_tmp;
	return right->audit - left->audit;
}

static void meet_order(struct arena *arena, struct restriction *into,
	const struct restriction *other, enum restriction_field field)
{
	int order = compare_strictness(into, other, field);

	if (order > 0)
		restriction_copy_field(into, other, field);
	else if (order == 0)
		restriction_add_origins(arena, &into->origins[field], &other->origins[field]);
}

static struct strings members_of_both(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings common = {0};

	for (size_t i = 0; i < left->count; i++)
		if (strings_contain(right, left->items[i]))
			strings_add(arena, &common, left->items[i]);
	return common;
}

/* "any" has no say where another has one. */
static void meet_execute(
	struct arena *arena, struct restriction *into, const struct restriction *other)
{
	struct restriction_origins *origins = &into->origins[RESTRICT_EXECUTE];

	if (into->execute == EXECUTE_ANY && other->execute != EXECUTE_ANY) {
		restriction_copy_field(into, other, RESTRICT_EXECUTE);
		return;
	}
	if (into->execute != EXECUTE_ANY && other->execute == EXECUTE_ANY)
		return;
	restriction_add_origins(arena, origins, &other->origins[RESTRICT_EXECUTE]);
	if (into->execute == EXECUTE_LISTED && other->execute == EXECUTE_LISTED)
		into->execute_paths =
			members_of_both(arena, &into->execute_paths, &other->execute_paths);
	if (other->execute == EXECUTE_NONE || into->execute_paths.count == 0)
		into->execute = into->execute == EXECUTE_ANY ? EXECUTE_ANY : EXECUTE_NONE;
	if (into->execute != EXECUTE_LISTED)
		into->execute_paths = (struct strings){0};
}

static bool same_list(const struct strings *left, const struct strings *right)
{
	size_t i = 0;

	if (left->count != right->count)
		return false;
	while (i < left->count && strcmp(left->items[i], right->items[i]) == 0)
		i++;
	return i == left->count;
}

static void meet_allowed(
	struct arena *arena, struct restriction *into, const struct restriction *other)
{
	struct strings *all = arena_array(
		arena, into->allowed_count + other->allowed_count, sizeof(*into->allowed));
	size_t count = into->allowed_count;

	memcpy(all, into->allowed, count * sizeof(*all));
	for (size_t i = 0; i < other->allowed_count; i++) {
		size_t k = 0;

		while (k < count && !same_list(&all[k], &other->allowed[i]))
			k++;
		if (k == count)
			all[count++] = other->allowed[i];
	}
	into->allowed = all;
	into->allowed_count = count;
}

static struct strings all_areas(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings both = restriction_union(arena, left, right);

	return restriction_areas(arena, &both);
}

/* Fields in which each profile takes something away. */
static void meet_parts(struct arena *arena, struct restriction *into,
	const struct restriction *other, enum restriction_field field)
{
	struct strings *list = restriction_list(into, field);
	const struct strings *others = list_in(other, field);

	if (field == RESTRICT_SYSTEM_CALLS)
		into->denied_names =
			restriction_union(arena, &into->denied_names, &other->denied_names);
	if (list != NULL && others != NULL)
		*list = field == RESTRICT_READ || field == RESTRICT_WRITE
				? restriction_common_paths(arena, list, others)
			: field == RESTRICT_HIDDEN ? all_areas(arena, list, others)
						   : restriction_union(arena, list, others);
	else if (field == RESTRICT_CAPABILITIES)
		into->capabilities &= other->capabilities;
	else if (field == RESTRICT_CLASSES)
		into->classes &= other->classes;
	else
		meet_allowed(arena, into, other);
	restriction_add_origins(arena, &into->origins[field], &other->origins[field]);
}

static bool has_order(enum restriction_field field)
{
	return is_limit(field) || field == RESTRICT_NETWORK || field == RESTRICT_PROC ||
	       field == RESTRICT_TMP || field == RESTRICT_AUDIT;
}

void restriction_intersect(
	struct arena *arena, struct restriction *into, const struct restriction *other)
{
	into->providers = into->providers || other->providers;
	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		if (!other->has[field])
			continue;
		if (!into->has[field])
			restriction_copy_field(into, other, field);
		else if (field == RESTRICT_EXECUTE)
			meet_execute(arena, into, other);
		else if (has_order(field))
			meet_order(arena, into, other, field);
		else
			meet_parts(arena, into, other, field);
	}
}
