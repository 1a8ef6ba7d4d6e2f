/* rolegate: the gateway for scripts. The words come as argv; no line is parsed. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/client.h"
#include "client/failure.h"
#include "client/inputs.h"
#include "protocol/protocol.h"

struct invocation {
	struct client_options options;
	struct client_failure failure;
	const char *endpoint;
	int type; /* PACKET_RUN, PACKET_LIST, PACKET_DESCRIBE or PACKET_CHECK */
	bool help, version;
	const char *const *words;
	size_t count;
};

static const char usage[] =
	"usage: rolegate [-e ENDPOINT] [-u ACCOUNT] [--act-as USER] [-n] [--dry-run]\n"
	"                [--json] [--] COMMAND [ARG ...]\n"
	"       rolegate [-e ENDPOINT] [--act-as USER] [--json] -l\n"
	"       rolegate [-e ENDPOINT] [--act-as USER] [--json] --describe COMMAND ...\n"
	"\n"
	"Runs an approved command or function with rights that you do not hold. Its exit\n"
	"status is passed on.\n"
	"\n"
	"  -e, --endpoint=ENDPOINT  the way in; without it, the host's default one\n"
	"  -u, --account=ACCOUNT    be refused unless the command runs as this account\n"
	"      --act-as=USER        with this person's roles, where you may act so\n"
	"  -n, --no-prompt          ask for no password and no input: be refused\n"
	"  -l, --list               what may I run?\n"
	"      --describe           its parameters or inputs, and what you may give\n"
	"      --dry-run            decide and say so, but run nothing\n"
	"      --json               the answer as one JSON object, the last line\n"
	"      --help, --version\n"
	"\n"
	"Exit status: the command's own, or 128+N when signal N ended it; 124 timed out,\n"
	"125 the gateway could not (or wrong usage of rolegate), 126 refused.\n";

enum long_option {
	OPTION_ACT_AS = 256,
	OPTION_DESCRIBE,
	OPTION_DRY_RUN,
	OPTION_JSON,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{"endpoint", required_argument, NULL, 'e'},
	{"account", required_argument, NULL, 'u'},
	{"act-as", required_argument, NULL, OPTION_ACT_AS},
	{"no-prompt", no_argument, NULL, 'n'},
	{"list", no_argument, NULL, 'l'},
	{"describe", no_argument, NULL, OPTION_DESCRIBE},
	{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
	{"json", no_argument, NULL, OPTION_JSON},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

static int wrong_usage(const char *why)
{
	message_error("%s; see rolegate --help", why);
	return -1;
}

static int choose_type(struct invocation *invocation, int type)
{
	if (invocation->type != PACKET_RUN && invocation->type != type)
		return wrong_usage("only one of -l, --describe and --dry-run can be asked for");
	invocation->type = type;
	return 0;
}

static int take_option(struct invocation *invocation, int option)
{
	switch (option) {
	case 'e':
		invocation->endpoint = optarg;
		return 0;
	case 'u':
		invocation->options.account = optarg;
		return 0;
	case OPTION_ACT_AS:
		if (optarg[0] == '\0')
			return wrong_usage("--act-as needs a name");
		invocation->options.act_as = optarg;
		return 0;
	case 'n':
		invocation->options.no_prompt = true;
		return 0;
	case 'l':
		return choose_type(invocation, PACKET_LIST);
	case OPTION_DESCRIBE:
		return choose_type(invocation, PACKET_DESCRIBE);
	case OPTION_DRY_RUN:
		return choose_type(invocation, PACKET_CHECK);
	case OPTION_JSON:
		invocation->options.json = true;
		return 0;
	case OPTION_HELP:
		invocation->help = true;
		return 0;
	case OPTION_VERSION:
		invocation->version = true;
		return 0;
	default:
		return -1;
	}
}

/* The word of the line, or the letter of a bundle. */
static int wrong_option(const char *complaint, const char *word)
{
	bool letter = optopt > 0 && optopt < OPTION_ACT_AS;

	if (letter)
		message_error("%s -%c; see rolegate --help", complaint, optopt);
	else
		message_error("%s %s; see rolegate --help", complaint, word);
	return -1;
}

static int parse(struct invocation *invocation, int argc, char *argv[])
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:e:u:nl", long_options, NULL)) != -1) {
		if (option == '?')
			return wrong_option("there is no option", argv[optind - 1]);
		if (option == ':')
			return wrong_option("a value is missing after", argv[optind - 1]);
		if (take_option(invocation, option) < 0)
			return -1;
	}
	if (invocation->help || invocation->version)
		return 0;
	invocation->words = (const char *const *)argv + optind;
	invocation->count = (size_t)(argc - optind);
	if (invocation->type == PACKET_LIST && invocation->count > 0)
		return wrong_usage("-l takes no command (--describe does)");
	if (invocation->type != PACKET_LIST && invocation->count == 0)
		return wrong_usage("no command given");
	if (invocation->options.account != NULL &&
		(invocation->type == PACKET_LIST || invocation->type == PACKET_DESCRIBE))
		return wrong_usage("-u is for running a command");
	return 0;
}

static int say(const char *text)
{
	size_t length = strlen(text);

	if (fd_write_all(STDOUT_FILENO, text, length) == 0 &&
		(length == 0 || text[length - 1] == '\n' ||
			fd_write_all(STDOUT_FILENO, "\n", 1) == 0))
		return 0;
	message_error("can't write the answer: %m");
	return -1;
}

static int ask(int socket, const struct invocation *invocation)
{
	int status;
	char *answer = client_ask(socket, invocation->type, &invocation->options, invocation->words,
		invocation->count, &status);

	if (answer != NULL && say(answer) < 0)
		status = EXIT_GATEWAY;
	free(answer);
	return status;
}

static int run(int socket, const struct invocation *invocation)
{
	const struct client_options *options = &invocation->options;
	struct arena *arena = arena_new();
	struct strings words = {0};
	int status = 0;

	for (size_t i = 0; i < invocation->count; i++)
		strings_add(arena, &words, invocation->words[i]);
	if (!options->json && !options->no_prompt)
		status = client_ask_inputs(socket, options, arena, &words);
	if (status == 0)
		status = client_run(socket, options, words.items, words.count);
	arena_free(arena);
	return status;
}

/* getopt stops at the first mistake, and --json may come after it. */
static bool wants_json(char *argv[])
{
	for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "--json") == 0)
			return true;
	return false;
}

static int fail(const struct invocation *invocation, enum failure_kind kind, int status)
{
	if (invocation->options.json)
		failure_say(kind, &invocation->failure, status);
	return status;
}

static int perform(struct invocation *invocation)
{
	_cleanup_fd_ int socket = client_connect(invocation->endpoint);
	const struct client_failure *failure = &invocation->failure;
	int status;

	if (socket < 0)
		return fail(invocation, FAILURE_UNREACHABLE, EXIT_GATEWAY);
	status = invocation->type == PACKET_RUN ? run(socket, invocation)
						: ask(socket, invocation);
	if (failure->happened)
		return fail(invocation, failure->said.code[0] != '\0' ? FAILURE_REFUSED : FAILURE_LOST,
			status);
	return status;
}

int main(int argc, char *argv[])
{
	struct invocation invocation = {.type = PACKET_RUN};

	invocation.options.failure = &invocation.failure;
	message_set_name("rolegate");
	if (fd_fill_streams() < 0)
		return EXIT_GATEWAY;
	if (argc < 1 || argv[0] == NULL || argv[0][0] == '\0')
		message_die(EXIT_GATEWAY, "started without a name of its own (an empty argv)");
	if (parse(&invocation, argc, argv) < 0) {
		invocation.options.json = invocation.options.json || wants_json(argv + optind);
		return fail(&invocation, FAILURE_USAGE, EXIT_GATEWAY);
	}
	if (invocation.help)
		return say(usage) < 0 ? EXIT_GATEWAY : EXIT_SUCCESS;
	if (invocation.version)
		return say("rolegate " PACKAGE_VERSION) < 0 ? EXIT_GATEWAY : EXIT_SUCCESS;
	return perform(&invocation);
}
