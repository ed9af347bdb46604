// A process of its own for tests that need several, or one to kill: adds releases to a home's store and prints the id of
// each one when, and only when, the store has said that it is there. Arguments: the home, or a table as http://127.0.0.1:8000/#table, and
// how many. Or: files, and what to do with stored files, as StoredFilesWorker says. Or: tool, and what FasterTool says. Or: table, and what
// CountedTable says.
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Releases;
using Releases.Aws;
using Releases.Local;
using Releases.Testing;

if (args is ["files", ..]) return await StoredFilesWorker.Run(args[1..]);
if (args is ["tool", ..]) return await FasterTool.Run(args[1..]);
if (args is ["table", ..]) return await CountedTable.Run(args[1..]);
await using var store = await Open(args[0]);
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

return 0;

static async Task<IReleaseStore> Open(string place)
{
    if (place.Split('#') is not [var address, var table]) return SqliteReleaseStore.Open(new LocalHome(place));
    var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig { ServiceURL = address, AuthenticationRegion = "eu-west-1" });
    return await DynamoReleaseStore.Open(client, table, TimeProvider.System);
}
