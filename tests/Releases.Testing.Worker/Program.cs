// A process of its own for tests that need several, or one to kill: adds releases to a home's store and prints the id of
// each one when, and only when, the store has said that it is there. Arguments: the home, and how many.
using Releases;
using Releases.Local;
using Releases.Testing;

await using var store = SqliteReleaseStore.Open(new LocalHome(args[0]));
try
{
    await store.CreateApp(A.App, A.Event());
}
catch (ProblemException e) when (e.Is(ProblemCode.AppExists))
{
    // Another worker was first.
}

for (var left = int.Parse(args[1]); left > 0;)
{
    var app = await store.RequireApp(A.App);
    var release = A.Release(app.LastNumber + 1);
    if (!await store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id)))) continue;
    Console.WriteLine(release.Id);
    left--;
}
