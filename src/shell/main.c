/* rolegate-shell: login shell or ForceCommand. Turns a line into words, and asks the gateway. */
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "shell/shell.h"

static const char usage[] =
	"usage: rolegate-shell [-e ENDPOINT] [--act-as USER] [-c LINE]\n"
	"       rolegate-shell [-e ENDPOINT] [--act-as USER] [-E | -e] <LINES\n"
	"\n"
	"Login shell or ForceCommand of an operator: one line (-c, or what ssh was asked\n"
	"to run), the lines of standard input, or a prompt.\n"
	"\n"
	"  -c LINE                  run this line\n"
	"  -e, --endpoint=ENDPOINT  the way in; without it, the host's default one\n"
	"      --act-as=USER        with this person's roles, where you may act so\n"
	"  -E, --stop-on-error      end with the first line of standard input that fails;\n"
	"                           a last -e, with no name after it, says the same\n"
	"      --help, --version\n"
	"\n"
	"Exit status: that of the last command, or 128+N when signal N ended it;\n"
	"124 timed out, 125 the gateway could not, 126 refused.\n";

enum { OPTION_ACT_AS = 256, OPTION_HELP, OPTION_VERSION };

static const struct option long_options[] = {
	{"endpoint", required_argument, NULL, 'e'},
	{"act-as", required_argument, NULL, OPTION_ACT_AS},
	{"stop-on-error", no_argument, NULL, 'E'},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

struct invocation {
	const char *endpoint, *act_as, *line;
	const char *answer; /* to --help or --version */
	bool stop_on_failure;
	bool bare_e; /* by "-e", which could be an endpoint whose name was forgotten */
};

static int wrong_option(const char *complaint, const char *word)
{
	message_error("%s %s; see rolegate-shell --help", complaint, word);
	return -1;
}

/* "-e" with nothing after it is what it is for a shell. */
static int lacks_value(struct invocation *invocation, const char *word)
{
	if (optopt != 'e' || strncmp(word, "--", 2) == 0)
		return wrong_option("a value is missing after", word);
	invocation->stop_on_failure = true;
	invocation->bare_e = true;
	return 0;
}

/* -1: wrong usage, which has been said. */
static int parse(struct invocation *invocation, int argc, char *argv[])
{
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:c:e:lE", long_options, NULL)) != -1) {
		if (option == ':' && lacks_value(invocation, argv[optind - 1]) < 0)
			return -1;
		if (option == '?')
			return wrong_option("there is no option", argv[optind - 1]);
		if (option == 'c')
			invocation->line = optarg;
		else if (option == 'e')
			invocation->endpoint = optarg;
		else if (option == 'E')
			invocation->stop_on_failure = true;
		else if (option == OPTION_ACT_AS)
			invocation->act_as = optarg;
		else if (option == OPTION_HELP)
			invocation->answer = usage;
		else if (option == OPTION_VERSION)
			invocation->answer = "rolegate-shell " PACKAGE_VERSION "\n";
		/* -l: a login shell, as some programs ask for one. */
	}
	if (optind < argc) {
		message_error("a command comes as one word after -c");
		return -1;
	}
	return 0;
}

/*
 * "ForceCommand rolegate-shell -e NAME" for an account whose login shell is rolegate-shell: sshd
 * starts `rolegate-shell -c "rolegate-shell -e NAME"`. That line is for us, once.
 */
static int parse_own_line(struct arena *arena, struct invocation *invocation)
{
	const char *line = invocation->line, *slash;
	struct strings words = {0};
	struct line_error error;

	if (line == NULL || strstr(line, "rolegate-shell") == NULL ||
		line_split(arena, line, strlen(line), &words, &error) < 0 || words.count == 0)
		return 0;
	slash = strrchr(words.items[0], '/');
	if (strcmp(slash == NULL ? words.items[0] : slash + 1, "rolegate-shell") != 0)
		return 0;
	invocation->line = NULL;
	return parse(invocation, (int)words.count, strings_vector(arena, &words));
}

/*
 * What sshd's "Subsystem sftp" has the login shell run: a command like any other, by the one name
 * that the gateway knows it by (R41). With options it is not: they would be lost.
 */
static const char *name_of_subsystem(const char *line)
{
	static const char server[] = "/sftp-server";
	size_t length = line == NULL ? 0 : strlen(line), tail = sizeof(server) - 1;
	bool is_path = length > tail && line[0] == '/' &&
		       strcmp(line + length - tail, server) == 0 &&
		       line[strcspn(line, " \t\n\\\"'")] == '\0';

	return is_path || (line != NULL && strcmp(line, "internal-sftp") == 0) ? "sftp" : line;
}

static int run(const struct invocation *invocation)
{
	struct shell shell = {.endpoint = invocation->endpoint,
		.act_as = invocation->act_as,
		.stop_on_failure = invocation->stop_on_failure,
		.socket = -1};
	const char *line = invocation->line;

	if (line == NULL)
		line = getenv("SSH_ORIGINAL_COMMAND");
	line = name_of_subsystem(line);
	if (invocation->bare_e && (line != NULL || isatty(STDIN_FILENO))) {
		message_error("-e without an endpoint's name is for lines of standard input");
		return EXIT_GATEWAY;
	}
	if (line != NULL)
		shell.status = shell_run_line(&shell, line, strlen(line));
	else if (isatty(STDIN_FILENO))
		return shell_prompt(&shell);
	else
		shell.status = shell_run_lines(&shell);
	shell_end_session(&shell);
	free(shell.refused.line);
	return shell.status;
}

/* Names and lines are UTF-8 whatever the operator's environment says. */
static void set_locale(void)
{
	if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* Where there is no terminal, a lost connection tells sshd's child nothing (R16). */
static void hang_up_with_sshd(void)
{
	if (getenv("SSH_CONNECTION") != NULL && !isatty(STDIN_FILENO))
		(void)prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);
}

int main(int argc, char *argv[])
{
	struct invocation invocation = {0};
	struct arena *arena;
	int status = EXIT_GATEWAY;

	message_set_name("rolegate");
	if (fd_fill_streams() < 0)
		return EXIT_GATEWAY;
	if (argc < 1 || argv[0] == NULL || argv[0][0] == '\0')
		message_die(EXIT_GATEWAY, "started without a name of its own (an empty argv)");
	set_locale();
	hang_up_with_sshd();
	arena = arena_new();
	if (parse(&invocation, argc, argv) == 0 && parse_own_line(arena, &invocation) == 0) {
		if (invocation.answer == NULL)
			status = run(&invocation);
		else
			status = fputs(invocation.answer, stdout) < 0 || fflush(stdout) != 0
					 ? EXIT_GATEWAY
					 : EXIT_SUCCESS;
	}
	arena_free(arena);
	return status;
}
