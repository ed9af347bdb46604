using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Publishes environments for ECS: one secret in Secrets Manager per app, <c>convox/&lt;cluster&gt;/&lt;app&gt;</c>, with a version per
/// environment snapshot under the snapshot's id. It is a cache: the sealed snapshot in the table is authoritative, and a missing version is
/// published again. Every call is harmless when repeated.
/// </summary>
/// <param name="secrets">The client of Secrets Manager.</param>
/// <param name="cluster">The name of the ECS cluster.</param>
/// <param name="time">The clock for pauses.</param>
internal sealed class PublishedSecrets(JsonService secrets, string cluster, TimeProvider time)
{
    private const int MaxAttempts = 5;
    private const int RecoveryDays = 30;

    /// <summary>The prefix of our staging labels, which protect a version from deletion.</summary>
    private const string Label = "convox-";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Publishes this environment, and returns for each of its keys the reference for a task definition. Of the other versions, those to
    /// keep, such as the active and the previous release's, retain their labels, of which a secret has at most 20.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> Publish(
        AppName app, SnapshotId id, EnvironmentSet environment, IReadOnlyCollection<SnapshotId> keep, CancellationToken cancel)
    {
        if (environment.Count == 0) return new Dictionary<string, string>();
        var arn = await Secret(app, cancel);
        var labelled = await Labelled(arn, cancel);
        foreach (var old in labelled.Where(v => v != id && !keep.Contains(v))) await Unlabel(arn, old, cancel);
        await Put(arn, id, environment, cancel);
        return environment.ToDictionary(v => v.Key, v => $"{arn}:{v.Key}::{id}");
    }

    /// <summary>Returns why tasks can't start with this environment, or null if they can.</summary>
    public Task<Problem?> Missing(AppName app, SnapshotId id, CancellationToken cancel)
    {
        var name = NameOf(app);
        return AwsProblems.Translate($"the secret {name}", async () =>
        {
            if (await Described(name, cancel) is not { } there) return Lost($"the secret {name} doesn't exist");
            if (there.ContainsKey("DeletedDate")) return Lost($"the secret {name} is marked for deletion");
            return await Has(there.Text("ARN")!, id, cancel) ? null : Lost($"the secret {name} has no version {id}");
        });

        static Problem Lost(string what) => new(
            ProblemCode.SecretMissing, $"{what}, so new tasks of the active release can't start. Running tasks aren't affected.",
            Remedy.Do(Operation.Restart, "Put it there again"));
    }

    /// <summary>
    /// Schedules the deletion of the app's secret in 30 days. Until then, a release of an app with the same name restores it.
    /// </summary>
    public async Task ScheduleDeletion(AppName app, CancellationToken cancel)
    {
        var name = NameOf(app);
        await AwsProblems.Translate($"the secret {name}", async () =>
        {
            if (await Described(name, cancel) is { } there && !there.ContainsKey("DeletedDate"))
                await Change("DeleteSecret", new() { ["SecretId"] = name, ["RecoveryWindowInDays"] = RecoveryDays }, cancel);
            return true;
        });
    }

    /// <summary>Restores the app's secret if it is marked for deletion.</summary>
    public async Task CancelDeletion(AppName app, CancellationToken cancel)
    {
        var name = NameOf(app);
        await AwsProblems.Translate($"the secret {name}", async () =>
        {
            if (await Described(name, cancel) is { } there && there.ContainsKey("DeletedDate")) await Restore(name, cancel);
            return true;
        });
    }

    private Task Restore(string name, CancellationToken cancel) => Change("RestoreSecret", new() { ["SecretId"] = name }, cancel);

    private string NameOf(AppName app) => AwsNames.Secret(cluster, app);

    /// <summary>Returns the secret's full ARN, after creating or restoring the secret if necessary.</summary>
    private async Task<string> Secret(AppName app, CancellationToken cancel)
    {
        var name = NameOf(app);
        if (await Described(name, cancel) is { } there)
        {
            if (there.ContainsKey("DeletedDate")) await Restore(name, cancel);
            return there.Text("ARN")!;
        }

        await Change(
            "CreateSecret",
            new()
            {
                ["Name"] = name,
                ["Description"] = $"The environments of {app}; written by dotnet-convox.",
                ["Tags"] = new JsonArray(
                new JsonObject { ["Key"] = "convox:app", ["Value"] = app.ToString() })
            },
            cancel, "ResourceExistsException");
        for (var look = 1; look <= MaxAttempts; look++)
        {
            if (await Described(name, cancel) is { } made) return made.Text("ARN")!;
            await Task.Delay(FirstPause, time, cancel);
        }

        throw Problem.Unavailable(
            ProblemCode.Unavailable, $"Secrets Manager created the secret {name} but doesn't show it yet.",
            "Run the command again in a moment.").ToException();
    }

    private async Task<JsonObject?> Described(string name, CancellationToken cancel)
    {
        try
        {
            return (await secrets.Read("DescribeSecret", new() { ["SecretId"] = name }, cancel)).Output;
        }
        catch (AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            return null;
        }
    }

    /// <summary>Determines whether the secret has this version, with or without a label.</summary>
    private async Task<bool> Has(string arn, SnapshotId id, CancellationToken cancel)
    {
        await foreach (var version in Versions(arn, withDeprecated: true, cancel))
            if (version.Text("VersionId") == id.ToString()) return true;
        return false;
    }

    /// <summary>Returns the snapshots whose versions have our label.</summary>
    private async Task<IReadOnlyList<SnapshotId>> Labelled(string arn, CancellationToken cancel)
    {
        var labelled = new List<SnapshotId>();
        await foreach (var version in Versions(arn, withDeprecated: false, cancel))
            foreach (var label in version.Texts("VersionStages").Where(l => l.StartsWith(Label, StringComparison.Ordinal)))
                // Another label that begins the same isn't ours.
                if (SnapshotId.TryParse(label[Label.Length..], null, out var id)) labelled.Add(id);
        return labelled;
    }

    /// <summary>Reads the versions, of which any answer may have only some.</summary>
    /// <param name="arn">The secret's ARN.</param>
    /// <param name="withDeprecated">Whether those without a label are included.</param>
    /// <param name="cancel">Cancels the read.</param>
    private async IAsyncEnumerable<JsonObject> Versions(
        string arn, bool withDeprecated, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? next = null;
        do
        {
            var input = new JsonObject { ["SecretId"] = arn, ["MaxResults"] = 100, ["IncludeDeprecated"] = withDeprecated };
            if (next is not null) input["NextToken"] = next;
            var page = (await secrets.Read("ListSecretVersionIds", input, cancel)).Output;
            foreach (var version in page.Objects("Versions")) yield return version;
            next = page.Text("NextToken");
        }
        while (next is not null);
    }

    private async Task Put(string arn, SnapshotId id, EnvironmentSet environment, CancellationToken cancel)
    {
        // Without our label, AWSCURRENT would move, and others may be reading that.
        await Change(
            "PutSecretValue",
            new()
            {
                ["SecretId"] = arn,
                ["ClientRequestToken"] = id.ToString(),
                ["SecretString"] = Encoding.UTF8.GetString(environment.ToJson()),
                ["VersionStages"] = new JsonArray(Label + id),
            },
            cancel, "ResourceExistsException");
        // Putting a version again doesn't restore a label that it has lost.
        if ((await Labelled(arn, cancel)).Contains(id)) return;
        await Change(
            "UpdateSecretVersionStage", new() { ["SecretId"] = arn, ["VersionStage"] = Label + id, ["MoveToVersionId"] = id.ToString() },
            cancel);
    }

    /// <summary>Another promotion may have removed the label at the same moment.</summary>
    private Task Unlabel(string arn, SnapshotId id, CancellationToken cancel) => Change(
        "UpdateSecretVersionStage", new() { ["SecretId"] = arn, ["VersionStage"] = Label + id, ["RemoveFromVersionId"] = id.ToString() },
        cancel, "InvalidParameterException");

    /// <summary>Repeats a request until there is a response; an error that it was already done counts as success.</summary>
    private async Task Change(string operation, JsonObject input, CancellationToken cancel, string? already = null)
    {
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                await secrets.Change(operation, (JsonObject)input.DeepClone(), cancel);
                return;
            }
            catch (AmazonServiceException answer) when (answer.ErrorCode == already)
            {
                return;
            }
            catch (Exception again) when (attempt < MaxAttempts
                && (again is UnknownOutcomeException || again is AmazonServiceException busy && JsonService.IsThrottled(busy)))
            {
                await Task.Delay(pause, time, cancel);
            }
        }
    }
}
