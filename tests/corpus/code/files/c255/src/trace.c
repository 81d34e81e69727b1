/* trace.c - tracing for the surface mesher */
#include <stdio.h>

#define GRACE_MS 250
#define BRACE_OPEN '{'

static int trace_level;

/* interface: one line per face of the surface mesh */
void trace_face(const int *v, int n)
{
    if (!trace_level)
        return;
    printf("face %c", BRACE_OPEN);
    for (int i = 0; i < n; i++)
        printf(" %d", v[i]);
    puts(" }");
}

void trace_set(int level) { trace_level = level; }
