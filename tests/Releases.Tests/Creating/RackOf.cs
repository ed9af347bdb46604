using Releases.Testing;

namespace Releases.Tests.Creating;

/// <summary>A rack in memory with another store.</summary>
public sealed class RackOf(FakeRack rack, IReleaseStore store) : Rack
{
    public override string Address => rack.Address;

    public override string Name => rack.Name;

    public override IReleaseStore Store => store;

    public override IHookStore Hooks => rack.Hooks;

    public override IArtifactStore Artifacts => rack.Artifacts;

    public override IArtifactRemoval Removal => rack.Removal;

    public override IVault Vault => rack.Vault;

    public override IRunning Running => rack.Running;

    public override IOneOffs OneOffs => rack.OneOffs;

    public override IProcessExec Exec => rack.Exec;

    public override IPromotionDriver Driver => rack.Driver;

    public override Task<RackStatus> Status(CancellationToken cancel = default) => throw new NotSupportedException();

    public override Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default) =>
        rack.ApplyScale(app, service, cancel);

    public override ValueTask DisposeAsync() => rack.DisposeAsync();
}
