using Releases.Testing;

namespace Releases.Tests.Contracts;

public sealed class InMemoryReleaseStoreTests : ReleaseStoreContract
{
    protected override Task<IReleaseStore> Open() => Task.FromResult<IReleaseStore>(new InMemoryReleaseStore());
}

public sealed class InMemoryVaultTests : VaultContract
{
    protected override IVault Vault { get; } = new InMemoryVault();
}

public sealed class InMemoryArtifactStoreTests : ArtifactStoreContract
{
    protected override IArtifactStore Artifacts { get; } = new InMemoryArtifactStore();
}

public sealed class FakeEngineTests : EngineContract
{
    protected override Task<EngineWorld> Make() => Task.FromResult<EngineWorld>(new FakeEngineWorld());
}
