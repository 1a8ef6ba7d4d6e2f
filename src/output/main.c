/*
 * rolegate-output: how a function's script says what came of it. Typed lines (function/outcome.h)
 * to the descriptor that the gateway gave the script.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/strings.h"
#include "base/text.h"

static const char usage[] =
	"usage: rolegate-output success|warning|error TEXT ...\n"
	"       rolegate-output invalid INPUT TEXT ...\n"
	"\n"
	"Says what came of a function, from inside of its script. The words of TEXT are\n"
	"joined by blanks; each of its lines is a message of its own.\n"
	"\n"
	"  success        done\n"
	"  warning        done, but\n"
	"  error          not done\n"
	"  invalid INPUT  not done, because of the value of that input\n"
	"\n"
	"Exit status: 0 said, 1 it could not be, 2 wrong usage.\n";

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* -1, and it was said why: there is nobody to hear. */
static int find_descriptor(void)
{
	const char *text = getenv("rolegate_builtin_output");
	size_t length = text == NULL ? 0 : strlen(text);
	int fd, flags;

	if (text == NULL) {
		message_error("$rolegate_builtin_output is not set: only the script of a function, "
			      "run by rolegated, can say what came of it");
		return -1;
	}
	if (length == 0 || length > 6 || strspn(text, "0123456789") != length) {
		message_error(
			"$rolegate_builtin_output is \"%s\", and no descriptor's number", text);
		return -1;
	}
	fd = (int)strtol(text, NULL, 10);
	flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		return fd;
	message_error("descriptor %d, of $rolegate_builtin_output, is not open for writing: "
		      "was it closed on the way?",
		fd);
	return -1;
}

/* All lines, or none: those without text are left out. NULL: there is no text at all. */
static char *typed_lines(struct arena *arena, const char *head, const char *text)
{
	struct strings lines = {0};

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		if (length > 0)
			strings_add(arena, &lines,
				arena_printf(arena, "%s %.*s\n", head, (int)length, text));
		text += length + (text[length] == '\n');
	}
	return lines.count == 0 ? NULL : strings_join(arena, &lines, "");
}

static int say(int fd, const char *lines)
{
	/* A line a time, which the kernel doesn't mix with another writer's. */
	while (*lines != '\0') {
		size_t length = strcspn(lines, "\n") + 1;

		if (fd_write_all(fd, lines, length) != 0) {
			message_error("can't write to descriptor %d: %s", fd,
				errno == EPIPE ? "the gateway no longer listens" : strerror(errno));
			return STATUS_FAILED;
		}
		lines += length;
	}
	return EXIT_SUCCESS;
}

static int wrong_usage(const char *why)
{
	message_error("%s (rolegate-output --help says how)", why);
	return STATUS_USAGE;
}

static bool is_type(const char *word)
{
	return strcmp(word, "success") == 0 || strcmp(word, "warning") == 0 ||
	       strcmp(word, "error") == 0 || strcmp(word, "invalid") == 0;
}

static int run(struct arena *arena, int argc, char *argv[])
{
	bool invalid = argc > 1 && strcmp(argv[1], "invalid") == 0;
	int first = invalid ? 3 : 2, fd;
	struct strings words = {0};
	const char *head, *lines;

	if (argc < 2 || !is_type(argv[1]))
		return wrong_usage("expected success, warning, error or invalid");
	if (invalid && (argc < 3 || !text_is_name(argv[2])))
		return wrong_usage("expected the name of an input after invalid");
	for (int i = first; i < argc; i++)
		strings_add(arena, &words, argv[i]);
	head = invalid ? arena_printf(arena, "%s %s", argv[1], argv[2]) : argv[1];
	lines = typed_lines(arena, head, strings_join(arena, &words, " "));
	if (lines == NULL)
		return wrong_usage("expected a text");
	fd = find_descriptor();
	return fd < 0 ? STATUS_FAILED : say(fd, lines);
}

static int answer(const char *text)
{
	return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? STATUS_FAILED : EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	struct arena *arena;
	int status;

	message_set_name("rolegate-output");
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return answer(usage);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return answer("rolegate-output " PACKAGE_VERSION "\n");
	arena = arena_new();
	status = run(arena, argc, argv);
	arena_free(arena);
	return status;
}
