/* What a recording alone doesn't show: that it goes on, how it ended, that nothing was printed. */
#include "admin/log_words.h"
#include "admin/replay.h"
#include "base/message.h"

/* "ls /srv of dana at operations", as far as the log says. */
static const char *what(struct arena *arena, const struct recording *recording)
{
	const char *text = recording->line != NULL ? recording->line : recording->request;

	if (recording->user != NULL)
		text = arena_printf(arena, "%s of %s", text, recording->user);
	if (recording->endpoint != NULL)
		text = arena_printf(arena, "%s at %s", text, recording->endpoint);
	return text;
}

static const char *how(struct arena *arena, const struct recording *recording)
{
	const char *text =
		recording->signal != NULL   ? arena_printf(arena, "signal %s", recording->signal)
		: recording->status != NULL ? arena_printf(arena, "exit %s", recording->status)
					    : NULL;

	if (text == NULL || recording->ended_by == NULL)
		return text;
	return arena_printf(arena, "%s (%s)", text, recording->ended_by);
}

/* ", began …, ended …: exit 0"; what is followed was said to have begun. */
static const char *when(struct arena *arena, const struct recording *recording, bool followed)
{
	const char *began = followed ? NULL : log_words_time(arena, recording->began);
	const char *over = log_words_time(arena, recording->over);
	const char *ending = how(arena, recording), *text = "";

	if (began != NULL)
		text = arena_printf(arena, ", began %s", began);
	if (over != NULL)
		text = arena_printf(arena, "%s, ended %s", text, over);
	return ending == NULL ? text : arena_printf(arena, "%s: %s", text, ending);
}

void replay_say_start(const struct recording *recording)
{
	struct arena *arena = arena_new();
	const char *began = log_words_time(arena, recording->began);

	message_info("following %s%s%s", what(arena, recording), began == NULL ? "" : ", began ",
		began == NULL ? "" : began);
	arena_free(arena);
}

void replay_say_end(const struct recording *recording, bool followed, bool printed)
{
	struct arena *arena = arena_new();

	if (!printed)
		message_info("nothing was printed%s: %s%s", recording->ended ? "" : " yet",
			what(arena, recording), when(arena, recording, followed));
	else if (followed)
		message_info("that is all of it%s", when(arena, recording, followed));
	arena_free(arena);
}
