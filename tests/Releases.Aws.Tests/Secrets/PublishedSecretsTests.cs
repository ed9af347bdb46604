using Amazon.Runtime;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Secrets;

public sealed class PublishedSecretsTests : IAsyncLifetime
{
    private const string Name = "convox/production/hello";

    private static readonly EnvironmentSet Environment = EnvironmentSet.Of([new("TOKEN", "swordfish"), new("GREETING", "hé")]);

    private readonly SimulatedSecretsManager _manager = new();
    private JsonService _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PublishedSecrets Secrets => new(_service, "production", new ImpatientTime());

    public async ValueTask InitializeAsync()
    {
        await _manager.Start();
        _service = JsonService.Open(AwsService.SecretsManager, "eu-west-1", TimeProvider.System,
            new BasicAWSCredentials("test", "test"), _manager.Address);
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return _manager.DisposeAsync();
    }

    [Fact]
    public async Task An_environment_is_a_version_under_its_id_and_each_key_refers_to_it()
    {
        var id = SnapshotId.New();
        var references = await Secrets.Publish(A.App, id, Environment, [], Cancel);

        var arn = _manager[Name].Arn;
        Assert.Equal($"{arn}:TOKEN::{id}", references["TOKEN"]);
        Assert.Equal(["GREETING", "TOKEN"], references.Keys.Order());
        Assert.Equal(Environment, EnvironmentSet.FromJson(System.Text.Encoding.UTF8.GetBytes(_manager[Name].Versions[id.ToString()])));
        Assert.Equal(id.ToString(), _manager[Name].Labels[$"convox-{id}"]);
    }

    [Fact]
    public async Task A_deletion_that_was_refused_is_taken_back()
    {
        await Secrets.CancelDeletion(A.App, Cancel);
        var id = SnapshotId.New();
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        await Secrets.ScheduleDeletion(A.App, Cancel);
        Assert.Contains("marked for deletion", (await Secrets.Missing(A.App, id, Cancel))!.Message, StringComparison.Ordinal);
        await Secrets.CancelDeletion(A.App, Cancel);
        await Secrets.CancelDeletion(A.App, Cancel);
        Assert.Null(await Secrets.Missing(A.App, id, Cancel));
    }

    [Fact]
    public async Task A_version_that_new_tasks_would_miss_is_found_whatever_became_of_it()
    {
        var id = SnapshotId.New();
        Assert.Contains("doesn't exist", (await Secrets.Missing(A.App, id, Cancel))!.Message, StringComparison.Ordinal);
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        Assert.Null(await Secrets.Missing(A.App, id, Cancel));
        // Without its label it may be deleted one day, and until then tasks start with it.
        _manager[Name].Labels.Remove($"convox-{id}");
        Assert.Null(await Secrets.Missing(A.App, id, Cancel));

        var other = SnapshotId.New();
        var problem = (await Secrets.Missing(A.App, other, Cancel))!;
        Assert.Equal(ProblemCode.SecretMissing, problem.Code);
        Assert.Equal(
            $"the secret {Name} has no version {other}, so new tasks of the active release can't start. Running tasks aren't affected.",
            problem.Message);
        _manager[Name].IsDeleted = true;
        Assert.Contains("marked for deletion", (await Secrets.Missing(A.App, id, Cancel))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_again_changes_nothing_and_gives_a_lost_label_back()
    {
        var id = SnapshotId.New();
        var first = await Secrets.Publish(A.App, id, Environment, [], Cancel);
        Assert.Equal(first, await Secrets.Publish(A.App, id, Environment, [], Cancel));
        Assert.Single(_manager[Name].Versions);

        _manager[Name].Labels.Remove($"convox-{id}");
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        Assert.Equal(id.ToString(), _manager[Name].Labels[$"convox-{id}"]);
    }

    [Fact]
    public async Task A_version_that_is_gone_is_put_again_under_the_same_id()
    {
        var id = SnapshotId.New();
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        _manager[Name].Versions.Clear();
        _manager[Name].Labels.Clear();
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        Assert.Contains(id.ToString(), _manager[Name].Versions.Keys);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task Only_what_is_to_be_kept_keeps_its_label_and_AWSCURRENT_never_moves(int pageSize)
    {
        _manager.PageSize = pageSize;
        var ids = Enumerable.Range(0, 30).Select(_ => SnapshotId.New()).ToList();
        await Secrets.Publish(A.App, ids[0], Environment, [], Cancel);
        foreach (var (before, id) in ids.Zip(ids.Skip(1))) await Secrets.Publish(A.App, id, Environment, [before], Cancel);

        Assert.Equal(new[] { "AWSCURRENT", $"convox-{ids[^2]}", $"convox-{ids[^1]}" }.Order(), _manager[Name].Labels.Keys.Order());
        Assert.Equal(ids[0].ToString(), _manager[Name].Labels["AWSCURRENT"]);
    }

    [Fact]
    public async Task A_label_of_somebody_else_that_begins_like_ours_stays()
    {
        var (first, second) = (SnapshotId.New(), SnapshotId.New());
        await Secrets.Publish(A.App, first, Environment, [], Cancel);
        _manager[Name].Labels["convox-stable"] = first.ToString();
        await Secrets.Publish(A.App, second, Environment, [], Cancel);
        Assert.Equal(new[] { "AWSCURRENT", "convox-stable", $"convox-{second}" }.Order(), _manager[Name].Labels.Keys.Order());
    }

    [Fact]
    public async Task A_secret_that_is_scheduled_for_deletion_is_restored()
    {
        await Secrets.Publish(A.App, SnapshotId.New(), Environment, [], Cancel);
        _manager[Name].IsDeleted = true;
        await Secrets.Publish(A.App, SnapshotId.New(), Environment, [], Cancel);
        Assert.False(_manager[Name].IsDeleted);
    }

    [Theory]
    [InlineData("CreateSecret")]
    [InlineData("PutSecretValue")]
    [InlineData("DescribeSecret")]
    public async Task Whatever_goes_wrong_with_a_call_it_is_there_once_in_the_end(string operation)
    {
        _manager.FailNext(operation, Fault.Throttled, Fault.ConnectionLost, Fault.ResponseLost, Fault.BrokenResponse);
        var id = SnapshotId.New();
        await Secrets.Publish(A.App, id, Environment, [], Cancel);
        Assert.Equal([id.ToString()], _manager[Name].Versions.Keys);
        Assert.True(_manager.Calls.Count(c => c == operation) >= 3);
    }

    [Fact]
    public async Task An_empty_environment_needs_no_secret()
    {
        Assert.Empty(await Secrets.Publish(A.App, SnapshotId.New(), EnvironmentSet.Empty, [], Cancel));
        Assert.Empty(_manager.Calls);
    }
}
