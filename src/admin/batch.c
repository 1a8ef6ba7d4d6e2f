/*
 * explain --batch: one JSON request a line, one answer a line, in order. Nothing is kept from one
 * request to the next but the role sets, so that a file of any length needs the same memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/explain.h"
#include "admin/lines.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/table.h"

struct batch {
	struct arena *arena; /* of the whole run */
	const struct policy *policy;
	const struct options *options;
	struct table persons; /* who -> struct person, for those that were found */
};

/* One line: its JSON, and an arena of its own. */
struct request {
	struct arena *arena;
	json_t *json;
	struct person_request who;
	const char *line; /* or NULL: */
	struct strings argv;
};

static const char *string_list(struct arena *arena, const json_t *value, struct strings *list)
{
	size_t index;
	json_t *item;

	if (!json_is_array(value))
		return "a list of strings was expected";
	json_array_foreach(value, index, item)
	{
		if (!json_is_string(item))
			return "a list of strings was expected";
		strings_add(arena, list, json_string_value(item));
	}
	return NULL;
}

static const char *take_string(const json_t *value, const char **to)
{
	*to = json_string_value(value);
	return *to == NULL ? "a string was expected" : NULL;
}

static const char *take_member(struct request *request, const char *name, const json_t *value)
{
	if (strcmp(name, "roles") == 0)
		return string_list(request->arena, value, &request->who.roles);
	if (strcmp(name, "argv") == 0)
		return string_list(request->arena, value, &request->argv);
	if (strcmp(name, "line") == 0)
		return take_string(value, &request->line);
	if (strcmp(name, "user") == 0)
		return take_string(value, &request->who.user);
	if (strcmp(name, "endpoint") == 0)
		return take_string(value, &request->who.endpoint);
	return "roles, user, endpoint, argv or line was expected";
}

/* What the command line says holds for every request that does not say it itself. */
static const char *add_common(const struct batch *batch, struct request *request)
{
	const struct options *options = batch->options;
	bool has_roles = json_object_get(request->json, "roles") != NULL;

	if (has_roles && request->who.user != NULL)
		return "roles and user exclude each other";
	if (request->who.endpoint == NULL)
		request->who.endpoint = options->endpoint;
	if (has_roles || request->who.user != NULL)
		return NULL;
	if (options->roles == NULL && options->user == NULL)
		return "roles or user is missing";
	request->who.user = options->user;
	request->who.act_as = options->act_as;
	if (options->roles != NULL)
		request->who.roles = person_role_names(request->arena, options->roles);
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *read_request(
	const struct batch *batch, struct request *request, const char *text, size_t length)
{
	const char *name, *complaint;
	json_error_t error;
	json_t *value;

	request->json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (request->json == NULL)
		return arena_printf(request->arena, "not JSON: %s", error.text);
	if (!json_is_object(request->json))
		return "a JSON object was expected";
	json_object_foreach(request->json, name, value)
	{
		complaint = take_member(request, name, value);
		if (complaint != NULL)
			return arena_printf(request->arena, "\"%s\": %s", name, complaint);
	}
	if ((request->line == NULL) == (json_object_get(request->json, "argv") == NULL))
		return "one of argv and line was expected";
	return add_common(batch, request);
}

/* Tab separates, as no name holds one: an unknown name is never kept. */
static const char *who_key(struct arena *arena, const struct person_request *who)
{
	return arena_printf(arena, "%s\t%s\t%s\t%s", who->endpoint != NULL ? who->endpoint : "",
		who->user != NULL ? who->user : "", who->act_as != NULL ? who->act_as : "",
		strings_join(arena, &who->roles, "\t"));
}

static const struct person *find_person(
	struct batch *batch, const struct request *request, const char **complaint)
{
	const char *key = who_key(request->arena, &request->who);
	struct person *person = table_get(&batch->persons, key);

	if (person != NULL)
		return person;
	person = arena_alloc(batch->arena, sizeof(*person));
	if (person_find(batch->arena, batch->policy, &request->who, person, complaint) < 0)
		return NULL;
	table_put(batch->arena, &batch->persons, arena_strdup(batch->arena, key), person);
	return person;
}

/* 0, or -1 if the line could not be decided on, which is answered too. */
static int answer(struct batch *batch, struct request *request, const char *text, size_t length,
	size_t number)
{
	struct explanation explanation = {0};
	const char *complaint = read_request(batch, request, text, length);
	const struct person *person =
		complaint == NULL ? find_person(batch, request, &complaint) : NULL;

	if (person == NULL) {
		printf("{\"error\":%s,\"line\":%zu}\n", json_text(request->arena, complaint),
			number);
		return -1;
	}
	if (request->line != NULL)
		explain_line(request->arena, person, request->line, &explanation);
	else
		explain_words(request->arena, person, &request->argv, &explanation);
	puts(explain_json(request->arena, person, &explanation));
	return 0;
}

static int answer_line(struct batch *batch, const char *text, size_t length, size_t number)
{
	struct request request = {.arena = arena_new()};
	int result = answer(batch, &request, text, length, number);

	json_decref(request.json);
	arena_free(request.arena);
	return result;
}

static int answer_all(struct batch *batch, int fd, const char *name)
{
	struct lines *lines = lines_new(batch->arena, fd);
	int status = ADMIN_OK, result;
	const char *text;
	size_t length;

	for (size_t number = 1; (result = lines_next(lines, &text, &length)) > 0; number++)
		if (answer_line(batch, text, length, number) < 0)
			status = ADMIN_WRONG;
	if (result == 0)
		return status;
	message_error("reading %s: %s", name, strerror(errno));
	return ADMIN_WRONG;
}

int batch_run(struct arena *arena, const struct policy *policy, const struct options *options)
{
	struct batch batch = {.arena = arena, .policy = policy, .options = options};
	_cleanup_fd_ int fd = -1;

	if (strcmp(options->batch, "-") == 0)
		return answer_all(&batch, STDIN_FILENO, "stdin");
	fd = open(options->batch, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		message_error("opening %s: %s", options->batch, strerror(errno));
		return ADMIN_WRONG;
	}
	return answer_all(&batch, fd, options->batch);
}
