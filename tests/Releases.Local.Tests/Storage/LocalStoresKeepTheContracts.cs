using Releases.Testing;

namespace Releases.Local.Tests.Storage;

public sealed class SqliteReleaseStoreContractTests : ReleaseStoreContract
{
    private readonly TemporaryHome _home = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _home.Dispose();
    }

    protected override Task<IReleaseStore> Open() => Task.FromResult<IReleaseStore>(_home.OpenStore());
}

public sealed class LocalVaultContractTests : VaultContract, IDisposable
{
    private readonly TemporaryHome _home = new();

    public LocalVaultContractTests() => Vault = new LocalVault(_home.Home, () => Task.FromResult(false));

    protected override IVault Vault { get; }

    public void Dispose() => _home.Dispose();
}

public sealed class LocalArtifactStoreContractTests : ArtifactStoreContract
{
    private readonly TemporaryHome _home = new();

    public LocalArtifactStoreContractTests() => Artifacts = new LocalArtifactStore(_home.Home, TimeProvider.System);

    protected override IArtifactStore Artifacts { get; }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _home.Dispose();
    }
}

public sealed class LocalRackKindContractTests : RackKindContract, IDisposable
{
    private readonly TemporaryHome _home = new();

    protected override IRackKind Kind { get; } = new LocalRackKind();

    protected override Task<string> Make() => Task.FromResult($"local:{_home.Home.Folder}");

    public void Dispose() => _home.Dispose();
}
