/* Who may do what: as the gateway would find it, person by person. */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "answer/entry.h"
#include "policy/roles.h"
#include "report/report.h"
#include "spawn/account.h"

static void add_name(struct report *report, struct strings *names, const char *name)
{
	if (!strings_contain(names, name))
		strings_add(report->arena, names, arena_strdup(report->arena, name));
}

/* Members by the group's own list, and by their primary group. */
static void add_members(struct report *report, struct strings *names, const char *group)
{
	const struct group *found = getgrnam(group);
	const struct passwd *user;
	gid_t number;

	if (found == NULL)
		return;
	number = found->gr_gid;
	for (char *const *member = found->gr_mem; *member != NULL; member++)
		add_name(report, names, *member);
	setpwent();
	while ((user = getpwent()) != NULL)
		if (user->pw_gid == number)
			add_name(report, names, user->pw_name);
	endpwent();
}

/* Whoever may have a role; whether they do is asked afterwards, as the gateway asks. */
static struct strings candidates(struct report *report, const struct endpoint *endpoint)
{
	struct strings names = {0}, groups = {0};

	for (size_t i = 0; i < endpoint->definition_count; i++) {
		const struct role_definition *definition = &endpoint->definitions[i];

		if (definition->user != NULL)
			add_name(report, &names, definition->user);
		else if (!strings_contain(&groups, definition->group))
			strings_add(report->arena, &groups, definition->group);
	}
	for (size_t i = 0; i < groups.count; i++)
		add_members(report, &names, groups.items[i]);
	for (size_t i = 0; i < report->use_count; i++)
		if (strcmp(report->uses[i]->endpoint, endpoint->name) == 0)
			add_name(report, &names, report->uses[i]->user);
	return names;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct report_person *)left)->name,
		((const struct report_person *)right)->name);
}

static int by_command(const void *left, const void *right)
{
	return strcmp((*(const struct command *const *)left)->name,
		(*(const struct command *const *)right)->name);
}

/* False: no role here. */
static bool find(struct report *report, struct report_endpoint *place, const char *name,
	struct report_person *person, struct role_set *roles)
{
	struct subject subject = {.user = name};
	struct account account;
	const char *complaint;

	if (account_by_name(report->arena, name, &account, &complaint) < 0 ||
		account_group_names(report->arena, &account, &subject.groups, &complaint) < 0) {
		strings_add(report->arena, &place->unknown, name);
		return false;
	}
	*roles = roles_of(report->arena, report->policy, place->endpoint, &subject);
	person->name = name;
	person->roles = role_set_names(report->arena, report->policy, roles);
	person->roles_key = strings_join(report->arena, &person->roles, ", ");
	return roles->count > 0;
}

/* The commands that any of them may run. */
static void find_columns(struct report *report, struct report_endpoint *place,
	const struct role_set *roles, struct table *columns)
{
	struct entries entries =
		entries_of(report->arena, report->policy, place->endpoint, roles, NULL);

	for (size_t i = 0; i < entries.count; i++) {
		const struct command *command = entries.items[i].command;

		if (table_put(report->arena, columns, command->name, (void *)command) != NULL)
			continue;
		place->columns = arena_grow(report->arena, place->columns, place->column_count,
			sizeof(*place->columns));
		place->columns[place->column_count++] = command;
	}
}

static struct report_cell *cell_of(const struct report_endpoint *place,
	const struct report_person *person, const struct command *command)
{
	const struct command **column = bsearch(
		&command, place->columns, place->column_count, sizeof(*place->columns), by_command);

	return column == NULL ? NULL : &person->cells[column - place->columns];
}

static void take_use(const struct report *report, const struct report_endpoint *place,
	const struct report_person *person, const char *command, struct report_use *use)
{
	char key[1024];
	const struct report_person_use *counted;

	(void)snprintf(key, sizeof(key), "%s\037%s\037%s\037", place->endpoint->name, person->name,
		command);
	counted = table_get(&report->by_person, key);
	if (counted != NULL)
		*use = counted->use;
}

static void fill_cells(struct report *report, struct report_endpoint *place,
	struct report_person *person, const struct role_set *roles)
{
	struct entries entries =
		entries_of(report->arena, report->policy, place->endpoint, roles, NULL);

	person->cells = arena_array(report->arena, place->column_count, sizeof(*person->cells));
	for (size_t i = 0; i < entries.count; i++) {
		const struct permission *permission = &entries.items[i].permission;
		struct report_cell *cell = cell_of(place, person, permission->command);

		if (cell == NULL)
			continue;
		for (size_t j = 0; j < permission->grant_count; j++)
			if (!strings_contain(&cell->roles, permission->grants[j]->role->name))
				strings_add(report->arena, &cell->roles,
					permission->grants[j]->role->name);
		take_use(report, place, person, permission->command->name, &cell->use);
	}
}

/* Those who ran something here, and are not among the people. */
static void find_former(
	struct report *report, struct report_endpoint *place, const struct table *people)
{
	for (size_t i = 0; i < report->use_count; i++) {
		const struct report_person_use *use = report->uses[i];

		if (strcmp(use->endpoint, place->endpoint->name) == 0 &&
			table_get(people, use->user) == NULL &&
			!strings_contain(&place->former, use->user))
			strings_add(report->arena, &place->former, use->user);
	}
}

static void gather(struct report *report, struct report_endpoint *place)
{
	struct strings names = candidates(report, place->endpoint);
	struct role_set *roles = arena_array(report->arena, names.count, sizeof(*roles));
	struct table columns = {0}, seen = {0}, sets = {0};

	place->people = arena_array(report->arena, names.count, sizeof(*place->people));
	for (size_t i = 0; i < names.count; i++) {
		struct report_person *person = &place->people[place->person_count];

		if (!find(report, place, names.items[i], person, &roles[place->person_count]))
			continue;
		table_put(report->arena, &seen, person->name, &roles[place->person_count]);
		/* The same roles reach the same commands. */
		if (table_put(report->arena, &sets, person->roles_key, person) == NULL)
			find_columns(report, place, &roles[place->person_count], &columns);
		place->person_count++;
	}
	if (place->column_count > 0)
		qsort(place->columns, place->column_count, sizeof(*place->columns), by_command);
	if (place->person_count > 0)
		qsort(place->people, place->person_count, sizeof(*place->people), by_name);
	find_former(report, place, &seen);
	for (size_t i = 0; i < place->person_count; i++)
		fill_cells(
			report, place, &place->people[i], table_get(&seen, place->people[i].name));
}

/* By their names as they are: the log's own keys are of its escaped text. */
static void index_uses(struct report *report)
{
	report->by_person = (struct table){0};
	for (size_t i = 0; i < report->use_count; i++) {
		struct report_person_use *use = report->uses[i];

		table_put(report->arena, &report->by_person,
			arena_printf(report->arena, "%s\037%s\037%s\037", use->endpoint, use->user,
				use->command),
			use);
	}
}

void report_people(struct report *report)
{
	const struct policy *policy = report->policy;

	index_uses(report);

	report->endpoints =
		arena_array(report->arena, policy->endpoint_count, sizeof(*report->endpoints));
	report->endpoint_count = policy->endpoint_count;
	for (size_t i = 0; i < policy->endpoint_count; i++) {
		report->endpoints[i].endpoint = &policy->endpoints[i];
		gather(report, &report->endpoints[i]);
	}
}
