#include "admin/log_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/strings.h"

static const struct log_word *find(const struct log_word *words, const char *word, size_t length)
{
	for (; words->name != NULL; words++)
		if (strlen(words->name) == length && memcmp(words->name, word, length) == 0)
			return words;
	return NULL;
}

/* How many words it took; 0 after a message. */
static size_t take_value(struct arena *arena, const char *verb, const struct log_word *option,
	const char *const *from, size_t left)
{
	const char *inside = strchr(from[0], '=');
	const char *value = inside != NULL ? inside + 1 : left > 1 ? from[1] : NULL;

	if (value == NULL) {
		message_error("%s: %s needs a value", verb, option->name);
		return 0;
	}
	if (option->repeats != NULL) {
		strings_add(arena, option->repeats, value);
	} else if (*option->value != NULL) {
		message_error("%s: %s is given twice", verb, option->name);
		return 0;
	} else {
		*option->value = value;
	}
	return inside != NULL ? 1 : 2;
}

static size_t take_option(struct arena *arena, const char *verb, const struct log_word *words,
	const char *const *from, size_t left)
{
	const struct log_word *option = find(words, from[0], strcspn(from[0], "="));

	if (option == NULL) {
		message_error("%s does not take %s", verb, from[0]);
		return 0;
	}
	if (option->flag == NULL)
		return take_value(arena, verb, option, from, left);
	if (*option->flag || strchr(from[0], '=') != NULL) {
		message_error("%s: %s is given twice, or with a value", verb, option->name);
		return 0;
	}
	*option->flag = true;
	return 1;
}

static int take_all(struct arena *arena, const char *verb, const struct options *options,
	const struct log_word *words, const char **operand)
{
	for (size_t i = 0, taken; i < options->word_count; i += taken) {
		const char *word = options->words[i];

		taken = 1;
		if (word[0] == '-' && word[1] != '\0') {
			taken = take_option(
				arena, verb, words, options->words + i, options->word_count - i);
		} else if (operand == NULL || *operand != NULL) {
			message_error("%s: unexpected word %s", verb, word);
			taken = 0;
		} else {
			*operand = word;
		}
		if (taken == 0)
			return -1;
	}
	if (operand == NULL || *operand != NULL)
		return 0;
	message_error("%s: the id of a request is needed", verb);
	return -1;
}

int log_words_parse(struct arena *arena, const char *verb, const struct options *options,
	const struct log_word *words, const char **operand)
{
	if (take_all(arena, verb, options, words, operand) == 0)
		return 0;
	usage(stderr, verb);
	return -1;
}

int log_words_number(
	const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number >= least &&
		*number <= most)
		return 0;
	message_error("%s takes a number from %llu to %llu, not %s", option,
		(unsigned long long)least, (unsigned long long)most, text);
	return -1;
}

const char *log_words_time(struct arena *arena, int64_t milliseconds)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char text[32];
	struct tm parts;

	if (milliseconds == 0 || localtime_r(&seconds, &parts) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts) == 0)
		return NULL;
	return arena_strdup(arena, text);
}

static bool progress_shown;

void log_words_progress_end(void)
{
	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = false;
}

static void warn(void *context, const char *text)
{
	(void)context;
	log_words_progress_end();
	message_warning("%s", text);
}

static void progress(void *context, const char *what, uint64_t done, uint64_t total)
{
	(void)context;
	if (!isatty(STDERR_FILENO) || total == 0)
		return;
	fprintf(stderr, "\r%s: %llu of %llu MB, %llu %%\033[K", what,
		(unsigned long long)(done / 1000000), (unsigned long long)(total / 1000000),
		(unsigned long long)(done >= total ? 100 : done * 100 / total));
	progress_shown = true;
}

const struct log_hooks log_words_hooks = {.warn = warn, .progress = progress};
