/* What the PAM module takes for an answer of the gateway's: whatever the bytes, it is bounded text.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gateway_answer answer;
	uint8_t *exact = malloc(size + 1); /* so that a byte too many is seen */

	if (exact == NULL)
		return 0;
	memcpy(exact, data, size);
	memset(&answer, 0xff, sizeof(answer));
	if (gateway_parse(exact, size, &answer) != 0) {
		check(answer.permitted != PERMITTED_YES);
	} else {
		check(answer.permitted == PERMITTED_YES || answer.permitted == PERMITTED_NO ||
			answer.permitted == PERMITTED_UNKNOWN);
		check(size >= 13 && data[4] == 0);
	}
	check(strnlen(answer.why, sizeof(answer.why)) < sizeof(answer.why));
	for (const char *at = answer.why; *at != '\0'; at++)
		check(*at >= ' ' && *at <= '~');
	free(exact);
	return 0;
}
