#include <stdlib.h>
#include <string.h>

#include "config/loader.h"
#include "config/suggest.h"

static void report_unknown(struct loader *loader, const struct pending_reference *reference,
	const char *kind, const char *where, const struct suggestion *suggestion)
{
	if (suggestion->nearest != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, reference->source,
			"%s \"%s\" is not defined%s", kind, reference->name,
			suggestion_text(loader->scratch, suggestion));
	else
		problem_add(loader->problems, PROBLEM_ERROR, reference->source,
			"%s \"%s\" is not defined; expected it in %s", kind, reference->name,
			where);
}

static void link_alias(struct loader *loader, const struct pending_reference *reference)
{
	struct policy *policy = loader->policy;
	struct alias *alias = table_get(&policy->alias_by_name, reference->name);
	struct suggestion suggestion = suggestion_new(reference->name);

	if (alias == NULL) {
		for (size_t i = 0; i < policy->alias_count; i++)
			suggestion_consider(&suggestion, policy->aliases[i]->name);
		report_unknown(
			loader, reference, "alias", "the alias_definitions of a role", &suggestion);
		return;
	}
	alias->views =
		arena_grow(loader->arena, alias->views, alias->view_count, sizeof(*alias->views));
	alias->views[alias->view_count++] = (struct alias_view){reference->role, reference->source};
}

static void link_provider(struct loader *loader, const struct pending_reference *reference)
{
	struct role *role = reference->role;
	struct provider *provider = table_get(&loader->policy->provider_by_name, reference->name);
	struct suggestion none = {0};

	if (provider == NULL) {
		report_unknown(loader, reference, "provider", "providers.d", &none);
		return;
	}
	role->providers = arena_grow(
		loader->arena, role->providers, role->provider_count, sizeof(*role->providers));
	role->providers[role->provider_count++] =
		(struct visible_provider){provider, reference->source};
}

static void link_target(struct loader *loader, struct alias *alias)
{
	const struct policy *policy = loader->policy;
	const struct command *same = table_get(&policy->command_by_name, alias->name);

	if (same != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, alias->source,
			"alias \"%s\" is also the name of a command at %s:%u", alias->name,
			same->source.file, same->source.line);
	alias->command = table_get(&policy->command_by_name, alias->target);
	if (alias->command == NULL)
		problem_add(loader->problems, PROBLEM_ERROR, alias->source,
			"alias \"%s\": command \"%s\" is not defined", alias->name, alias->target);
}

static int compare_aliases(const void *left, const void *right)
{
	const struct alias *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

void link_references(struct loader *loader)
{
	struct policy *policy = loader->policy;

	if (policy->alias_count > 0)
		qsort(policy->aliases, policy->alias_count, sizeof(*policy->aliases),
			compare_aliases);
	for (size_t i = 0; i < policy->alias_count; i++)
		link_target(loader, policy->aliases[i]);
	for (size_t i = 0; i < loader->reference_count; i++) {
		const struct pending_reference *reference = &loader->references[i];

		if (reference->kind == REFERENCE_ALIAS)
			link_alias(loader, reference);
		else if (reference->kind == REFERENCE_PROVIDER)
			link_provider(loader, reference);
		else
			link_startup(loader, reference);
	}
}
