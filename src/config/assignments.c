/* assigned_to of a role file: a role definition that stands with its role, not its endpoint. */
#include <string.h>

#include "config/build.h"
#include "config/check.h"
#include "config/suggest.h"

static const struct schema_key assignment_keys[] = {
	{"endpoint", SHAPE_STRING, .required = true,
		.offset = offsetof(struct pending_assignment, endpoint), .check = check_name},
	{"user", SHAPE_STRING, .offset = offsetof(struct pending_assignment, user),
		.check = check_account},
	{"group", SHAPE_STRING, .offset = offsetof(struct pending_assignment, group),
		.check = check_group},
	{0},
};

static void read_assignment(struct reader *reader, const config_setting_t *group, void *target)
{
	struct loader *loader = reader->loader;
	struct pending_assignment assignment = {.role = ((struct role_reading *)target)->role,
		.source = reader_source(reader, group)};
	bool present[3];

	schema_read(reader, NULL, group, assignment_keys, &assignment, present);
	if (present[1] == present[2])
		reader_error(reader, group,
			"assigned_to: expected exactly one of \"user\" and \"group\"");
	if (assignment.endpoint == NULL)
		return;
	loader->assignments = arena_grow(loader->scratch, loader->assignments,
		loader->assignment_count, sizeof(*loader->assignments));
	loader->assignments[loader->assignment_count++] = assignment;
}

void build_assignments(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_assignment, field);
}

static struct endpoint *find_endpoint(
	struct loader *loader, const struct pending_assignment *assignment)
{
	const struct policy *policy = loader->policy;
	struct suggestion suggestion = suggestion_new(assignment->endpoint);

	for (size_t i = 0; i < policy->endpoint_count; i++) {
		if (strcmp(policy->endpoints[i].name, assignment->endpoint) == 0)
			return &policy->endpoints[i];
		suggestion_consider(&suggestion, policy->endpoints[i].name);
	}
	problem_add(loader->problems, PROBLEM_ERROR, assignment->source,
		"assigned_to: endpoint \"%s\" does not exist%s", assignment->endpoint,
		suggestion_text(loader->scratch, &suggestion));
	return NULL;
}

static void assign(struct loader *loader, struct endpoint *endpoint,
	const struct pending_assignment *assignment)
{
	struct role_definition *definition;

	endpoint->definitions = arena_grow(loader->arena, endpoint->definitions,
		endpoint->definition_count, sizeof(*endpoint->definitions));
	definition = &endpoint->definitions[endpoint->definition_count++];
	*definition = (struct role_definition){.user = assignment->user,
		.group = assignment->group,
		.roles = arena_array(loader->arena, 1, sizeof(const struct role *)),
		.role_count = 1,
		.source = assignment->source};
	definition->roles[0] = assignment->role;
}

void link_assignments(struct loader *loader)
{
	/* Roles alone, without a rolegate.conf, are explained by their names. */
	if (loader->policy->endpoint_count == 0)
		return;
	for (size_t i = 0; i < loader->assignment_count; i++) {
		struct endpoint *endpoint = find_endpoint(loader, &loader->assignments[i]);

		if (endpoint != NULL)
			assign(loader, endpoint, &loader->assignments[i]);
	}
}
