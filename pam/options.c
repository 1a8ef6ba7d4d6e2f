#include "options.h"

#include <ctype.h>
#include <string.h>

/* As the gateway has them (R6). */
static bool is_endpoint(const char *text)
{
	if (!isalnum((unsigned char)text[0]) && text[0] != '_')
		return false;
	for (const char *at = text; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL)
			return false;
	return strlen(text) <= 64;
}

static const char *take_name(struct names *names, const char *value)
{
	if (value[0] == '\0')
		return "a name is expected";
	if (names->count == OPTION_NAMES_MAX)
		return "too many of these";
	names->items[names->count++] = value;
	return NULL;
}

static const char *take_endpoint(struct options *options, const char *value)
{
	return is_endpoint(value) ? take_name(&options->endpoints, value)
				  : "the name of an endpoint is expected";
}

static const char *take_exempt_user(struct options *options, const char *value)
{
	return take_name(&options->exempt_users, value);
}

static const char *take_exempt_group(struct options *options, const char *value)
{
	return take_name(&options->exempt_groups, value);
}

static const char *take_message(struct options *options, const char *value)
{
	if (options->message != NULL)
		return "it is given twice";
	options->message = value;
	return NULL;
}

static const char *take_timeout(struct options *options, const char *value)
{
	unsigned seconds = 0;

	if (options->timeout != 0)
		return "it is given twice";
	for (const char *at = value; *at != '\0'; at++) {
		if (!isdigit((unsigned char)*at) || seconds > TIMEOUT_MAX)
			return "seconds are expected, from 1 to 60";
		seconds = seconds * 10 + (unsigned)(*at - '0');
	}
	if (seconds == 0 || seconds > TIMEOUT_MAX)
		return "seconds are expected, from 1 to 60";
	options->timeout = seconds;
	return NULL;
}

static const char *take_failure(struct options *options, const char *value)
{
	if (options->failure_given)
		return "it is given twice";
	options->failure_given = true;
	options->allow_on_failure = strcmp(value, "allow") == 0;
	return options->allow_on_failure || strcmp(value, "deny") == 0
		       ? NULL
		       : "\"deny\" or \"allow\" is expected";
}

static const char *take(struct options *options, const char *word)
{
	static const struct {
		const char *name;
		const char *(*take)(struct options *options, const char *value);
	} known[] = {
		{"endpoint=", take_endpoint},
		{"timeout=", take_timeout},
		{"failure=", take_failure},
		{"exempt_user=", take_exempt_user},
		{"exempt_group=", take_exempt_group},
		{"message=", take_message},
	};

	if (strcmp(word, "debug") == 0) {
		options->debug = true;
		return NULL;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(word, known[i].name, strlen(known[i].name)) == 0)
			return known[i].take(options, word + strlen(known[i].name));
	return "there is no such option";
}

int options_parse(struct options *options, int argc, const char *const *argv, const char **word,
	const char **complaint)
{
	memset(options, 0, sizeof(*options));
	*word = NULL;
	for (int i = 0; i < argc; i++) {
		*complaint = take(options, argv[i]);
		if (*complaint != NULL) {
			*word = argv[i];
			return -1;
		}
	}
	if (options->timeout == 0)
		options->timeout = TIMEOUT_DEFAULT;
	*complaint = "no endpoint= is given";
	return options->endpoints.count > 0 ? 0 : -1;
}
