/* What people try first, and what to tell them. The gateway refuses and records it all the same. */
#include <string.h>

#include "shell/shell.h"

static const char files[] =
	"file transfer is by sftp or scp (without -O) on your own machine, and to a drive alone, "
	"where the endpoint has one";
static const char shells[] =
	"there is no shell behind this gateway: ask for the approved command itself";
static const char sources[] = "repositories are not served through this gateway";

static const struct {
	const char *program, *sentence;
} advice[] = {
	{"scp", files},
	{"sftp", files},
	{"sftp-server", files},
	{"internal-sftp", files},
	{"rsync", files},
	{"sh", shells},
	{"bash", shells},
	{"rbash", shells},
	{"dash", shells},
	{"ash", shells},
	{"busybox", shells},
	{"ksh", shells},
	{"zsh", shells},
	{"csh", shells},
	{"tcsh", shells},
	{"fish", shells},
	{"su", shells},
	{"sudo", "leave out sudo: approved commands have their rights already"},
	{"doas", "leave out doas: approved commands have their rights already"},
	{"git-receive-pack", sources},
	{"git-upload-pack", sources},
	{"git-upload-archive", sources},
	{"svnserve", sources},
};

const char *shell_advice(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *program = slash == NULL ? word : slash + 1;

	for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++)
		if (strcmp(advice[i].program, program) == 0)
			return advice[i].sentence;
	return NULL;
}
