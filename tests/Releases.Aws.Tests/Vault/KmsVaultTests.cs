using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Vault;

public sealed class KmsVaultKeepsTheContract : VaultContract, IAsyncLifetime
{
    private readonly SimulatedKms _kms = new();
    private KmsVault _vault = null!;

    protected override IVault Vault => _vault;

    public async ValueTask InitializeAsync()
    {
        await _kms.Start();
        _vault = new(_kms.Client(), "alias/convox", "eu-west-1/production", new(TimeProvider.System));
    }

    public ValueTask DisposeAsync() => _kms.DisposeAsync();
}

public sealed class KmsVaultTests : IAsyncLifetime
{
    private static readonly EnvironmentSet Secrets = EnvironmentSet.Of([new("TOKEN", "swordfish")]);

    private readonly SimulatedKms _kms = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _kms.Start();

    public ValueTask DisposeAsync() => _kms.DisposeAsync();

    [Fact]
    public async Task What_was_sealed_in_one_rack_opens_in_no_other()
    {
        var id = SnapshotId.New();
        var bytes = await Of("production").Seal(A.App, id, Secrets, Cancel);
        Assert.Equal(Secrets, await Of("production").Open(A.App, id, bytes, Cancel));
        Assert.Equal(ProblemCode.Vault, (await Problem(() => Of("staging").Open(A.App, id, bytes, Cancel))).Code);
    }

    [Theory]
    [InlineData("NotFoundException", ProblemCode.Vault, "the KMS key 'alias/convox' of the rack's environments doesn't exist.")]
    [InlineData("DisabledException", ProblemCode.Vault,
        "the KMS key 'alias/convox' of the rack's environments can't be used: A DisabledException.")]
    [InlineData("AccessDeniedException", AwsProblemCode.Access,
        "KMS denied GenerateDataKey on the key alias/convox: AccessDeniedException, A AccessDeniedException.")]
    [InlineData("ExpiredTokenException", AwsProblemCode.Access,
        "KMS rejects the credentials for GenerateDataKey on the key alias/convox: ExpiredTokenException, A ExpiredTokenException.")]
    public async Task What_KMS_refuses_is_said(string code, string problem, string sentence)
    {
        _kms.RefusesWith = code;
        var told = await Problem(() => Of("production").Seal(A.App, SnapshotId.New(), Secrets, Cancel));
        Assert.Equal(problem, told.Code);
        Assert.StartsWith(sentence, told.Message, StringComparison.Ordinal);
    }

    private KmsVault Of(string cluster) => new(_kms.Client(), "alias/convox", $"eu-west-1/{cluster}", new(TimeProvider.System));

    private static async Task<Problem> Problem(Func<Task> call) => (await Assert.ThrowsAsync<ProblemException>(call)).Problems[0];
}
