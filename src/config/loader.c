#include "config/loader.h"

#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/drive.h"
#include "config/digest.h"
#include "policy/index.h"

enum { SUGGESTIONS_MAX = 1000000 };

static int compare_strings(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

struct loader *loader_new(struct arena *arena, struct problems *problems)
{
	struct arena *scratch = arena_new();
	struct loader *loader = arena_alloc(scratch, sizeof(*loader));

	loader->arena = arena;
	loader->scratch = scratch;
	loader->problems = problems;
	loader->suggestions = SUGGESTIONS_MAX;
	loader->policy = arena_alloc(arena, sizeof(*loader->policy));
	loader->policy->arena = arena;
	return loader;
}

static const char *role_file(struct loader *loader, const char *name)
{
	return arena_printf(loader->arena, "roles.d/%s.role", name);
}

void loader_roles(struct loader *loader, const struct strings *names)
{
	struct policy *policy = loader->policy;
	const char **sorted = arena_array(loader->scratch, names->count, sizeof(*sorted));

	for (size_t i = 0; i < names->count; i++)
		sorted[i] = names->items[i];
	qsort(sorted, names->count, sizeof(*sorted), compare_strings);
	policy->roles = arena_array(loader->arena, names->count, sizeof(*policy->roles));
	for (size_t i = 0; i < names->count; i++) {
		struct role *role = &policy->roles[policy->role_count];

		role->name = arena_strdup(loader->arena, sorted[i]);
		if (table_get(&policy->role_by_name, role->name) != NULL)
			continue;
		role->index = policy->role_count++;
		role->source = (struct source){role_file(loader, role->name), 1};
		table_put(loader->arena, &policy->role_by_name, role->name, role);
	}
}

const struct pattern *loader_pattern(
	struct loader *loader, const char *text, const char **complaint)
{
	struct pattern *pattern = table_get(&loader->patterns, text);
	size_t offset = 0;
	const char *problem;

	if (pattern != NULL)
		return pattern;
	pattern = arena_alloc(loader->scratch, sizeof(*pattern));
	problem = pattern_compile(loader->arena, text, pattern, &offset);
	if (problem != NULL) {
		*complaint = arena_printf(loader->scratch, "%s (at byte %zu)", problem, offset + 1);
		return NULL;
	}
	table_put(loader->scratch, &loader->patterns, text, pattern);
	return pattern;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

static const char *role_name(struct arena *arena, const char *file)
{
	static const char folder[] = "roles.d/";
	size_t head = sizeof(folder) - 1;

	if (strncmp(file, folder, head) != 0 || !ends_with(file, ".role"))
		return NULL;
	return arena_strndup(arena, file + head, strlen(file) - head - strlen(".role"));
}

static void build(struct reader *reader, const char *name, const config_setting_t *root)
{
	const char *role = role_name(reader->loader->scratch, name);

	if (role != NULL)
		build_role(reader, root, table_get(&reader->loader->policy->role_by_name, role));
	else if (strncmp(name, "commands.d/", 11) == 0)
		build_commands(reader, root);
	else if (strncmp(name, "functions.d/", 12) == 0)
		build_functions(reader, root);
	else if (strncmp(name, "trusted.d/", 10) == 0)
		build_trusted(reader, root);
	else if (strncmp(name, "providers.d/", 12) == 0)
		build_providers(reader, root);
	else if (strncmp(name, "profiles.d/", 11) == 0)
		build_profiles(reader, root);
	else
		build_endpoints(reader, root);
}

/* What an entry of trusted.d compares a file of functions with. */
static void note_digest(struct loader *loader, const char *name, const struct config_file *file)
{
	char *text = arena_alloc(loader->scratch, 65);
	struct digest digest;

	if (strncmp(name, "functions.d/", 12) != 0)
		return;
	digest_begin(&digest);
	digest_bytes(&digest, file->bytes, file->length);
	(void)digest_end(&digest, text); /* "" matches nothing */
	table_put(loader->scratch, &loader->digest_by_file, name, text);
}

void loader_file(struct loader *loader, const struct config_file *file)
{
	const char *name = arena_strdup(loader->arena, file->name);
	struct document document;
	struct reader reader = {.loader = loader, .document = &document, .file = name};

	note_digest(loader, name, file);
	if (document_parse(&document, loader->problems, name, file->bytes, file->length))
		build(&reader, name, config_root_setting(&document.tree));
	document_destroy(&document);
}

/* What would run under no account is refused when it is called; say so now. */
static const struct grant *grant_without_account(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->definition_count; i++) {
		const struct role_definition *definition = &endpoint->definitions[i];

		for (size_t k = 0; k < definition->role_count; k++) {
			const struct grants *grants = &definition->roles[k]->grants;

			for (size_t m = 0; m < grants->count; m++)
				if (grants->items[m]->command->run_as == NULL)
					return grants->items[m];
		}
	}
	return NULL;
}

static void check_accounts(struct loader *loader)
{
	for (size_t i = 0; i < loader->policy->endpoint_count; i++) {
		const struct endpoint *endpoint = &loader->policy->endpoints[i];
		const struct grant *grant =
			endpoint->run_as != NULL ? NULL : grant_without_account(endpoint);

		if (grant != NULL)
			problem_add(loader->problems, PROBLEM_WARNING, endpoint->source,
				"endpoint \"%s\" has no run_as, and %s \"%s\" of role \"%s\" has "
				"none either; it can't run here",
				endpoint->name,
				grant->command->function != NULL ? "function" : "command",
				grant->command->name, grant->role->name);
	}
}

struct policy *loader_check_and_finish(struct loader *loader)
{
	struct policy *policy = loader->policy;
	struct problems *problems = loader->problems;

	link_policy(loader);
	check_accounts(loader);
	drive_check(loader);
	problems_sort(problems);
	arena_free(loader->scratch);
	if (problems->errors > 0)
		return NULL;
	policy_finish(policy);
	return policy;
}

struct policy *config_load_memory(struct arena *arena, const struct config_file *files,
	size_t count, struct problems *problems)
{
	struct loader *loader = loader_new(arena, problems);
	struct strings roles = {0};

	for (size_t i = 0; i < count; i++) {
		const char *role = role_name(loader->scratch, files[i].name);

		if (role != NULL)
			strings_add(loader->scratch, &roles, role);
	}
	loader_roles(loader, &roles);
	for (size_t i = 0; i < count; i++)
		if (files[i].bytes != NULL)
			loader_file(loader, &files[i]);
	return loader_check_and_finish(loader);
}
