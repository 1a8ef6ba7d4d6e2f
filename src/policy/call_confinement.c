/* Which file areas a run gets, where its profile leaves it those of the person's roles. */
#include "policy/call.h"

static bool has_area(
	const struct decision_area *areas, size_t count, const struct provider *provider)
{
	for (size_t i = 0; i < count; i++)
		if (areas[i].provider == provider)
			return true;
	return false;
}

static void find_areas(struct call *call, struct decision_area **areas, size_t *count)
{
	const struct policy *policy = call->request->policy;

	for (size_t i = role_set_next(call->roles, 0); i < call->roles->size;
		i = role_set_next(call->roles, i + 1)) {
		const struct role *role = &policy->roles[i];

		for (size_t k = 0; k < role->provider_count; k++) {
			const struct visible_provider *visible = &role->providers[k];

			if (has_area(*areas, *count, visible->provider))
				continue;
			*areas = arena_grow(call->arena, *areas, *count, sizeof(**areas));
			(*areas)[(*count)++] = (struct decision_area){
				visible->provider, role->name, visible->source};
		}
	}
}

static void add_all(struct arena *arena, struct strings *into, const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		strings_add(arena, into, paths->items[i]);
}

/* What is written can be read. */
static void limit_to_areas(struct call *call, struct restriction *restriction,
	const struct decision_area *areas, size_t count)
{
	struct strings read = {0}, write = {0};

	for (size_t i = 0; i < count; i++) {
		add_all(call->arena, &read, &areas[i].provider->read);
		add_all(call->arena, &read, &areas[i].provider->write);
		add_all(call->arena, &write, &areas[i].provider->write);
	}
	restriction->read = restriction_common_paths(call->arena, &restriction->read, &read);
	restriction->write = restriction_common_paths(call->arena, &restriction->write, &write);
	restriction->providers = false;
}

const struct confinement *call_confinement(
	struct call *call, struct decision_area **areas, size_t *count)
{
	const struct confinement *shared = call_profiles(call);
	struct confinement *own;

	if (shared == NULL || !shared->restriction.providers)
		return shared;
	find_areas(call, areas, count);
	own = arena_alloc(call->arena, sizeof(*own));
	*own = *shared;
	limit_to_areas(call, &own->restriction, *areas, *count);
	return own;
}
