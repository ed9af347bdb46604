using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class LocalVaultTests : IDisposable
{
    private static readonly EnvironmentSet Secrets = EnvironmentSet.Of([new("TOKEN", "swordfish")]);
    private readonly TemporaryHome _home = new();
    private readonly SnapshotId _id = SnapshotId.New();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Of_many_who_make_the_key_at_once_all_get_the_same()
    {
        var sealedBytes = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => Task.Run(() => Vault().Seal(A.App, _id, Secrets, Cancel), Cancel)));
        foreach (var bytes in sealedBytes) Assert.Equal(Secrets, await Vault().Open(A.App, _id, bytes, Cancel));
        Assert.Equal([_home.Home.VaultKey], Directory.GetFiles(_home.Home.Folder));
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        var bytes = await Vault().Seal(A.App, _id, Secrets, Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Home.VaultKey));
        File.SetUnixFileMode(_home.Home.VaultKey, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await Refuses(() => Vault().Open(A.App, _id, bytes, Cancel), "can be read by other users");
    }

    [Fact]
    public async Task A_lost_key_is_said_and_not_silently_replaced()
    {
        var bytes = await Vault().Seal(A.App, _id, Secrets, Cancel);
        File.Delete(_home.Home.VaultKey);
        await Refuses(() => Vault().Open(A.App, _id, bytes, Cancel), "is missing");
        await Refuses(() => Vault(hasSnapshots: true).Seal(A.App, _id, Secrets, Cancel), "is missing");
        Assert.False(File.Exists(_home.Home.VaultKey));
    }

    [Fact]
    public async Task Another_key_is_told_from_changed_bytes()
    {
        var bytes = await Vault().Seal(A.App, _id, Secrets, Cancel);
        File.Delete(_home.Home.VaultKey);
        await Vault().Seal(A.App, _id, Secrets, Cancel);
        await Refuses(() => Vault().Open(A.App, _id, bytes, Cancel), "sealed with another key");
    }

    private static async Task Refuses(Func<Task> call, string because)
    {
        var problem = (await Assert.ThrowsAsync<ProblemException>(call)).Problems[0];
        Assert.Equal(ProblemCode.Vault, problem.Code);
        Assert.Contains(because, problem.Message, StringComparison.Ordinal);
    }

    private LocalVault Vault(bool hasSnapshots = false) => new(_home.Home, () => Task.FromResult(hasSnapshots));
}
