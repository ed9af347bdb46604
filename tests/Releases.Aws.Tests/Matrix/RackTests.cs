using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>Tests of commands on a rack of their own.</summary>
/// <param name="dynamo">Where its table is.</param>
/// <param name="name">How its cluster's name begins.</param>
public abstract class RackTests(DynamoDbLocal dynamo, string name) : IAsyncLifetime
{
    internal MatrixRack Rack { get; } = new(dynamo, $"{name}-{Guid.NewGuid():n}"[..20]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => Rack.InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Rack.RequireModels();
        await Rack.DisposeAsync();
    }
}
