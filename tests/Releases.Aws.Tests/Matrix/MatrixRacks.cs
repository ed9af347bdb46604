using System.Threading.Channels;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>Some racks, each with an AWS and a time of its own, so that as many scenarios happen at the same time.</summary>
public sealed class MatrixRacks(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private const int Count = 4;

    private readonly Channel<MatrixRack> _free = Channel.CreateUnbounded<MatrixRack>();
    private readonly List<MatrixRack> _racks = [];

    public async ValueTask InitializeAsync()
    {
        for (var number = 1; number <= Count; number++)
        {
            _racks.Add(new(dynamo, $"production-{number}"));
            await _racks[^1].InitializeAsync();
            await _free.Writer.WriteAsync(_racks[^1]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var rack in _racks) await rack.DisposeAsync();
    }

    /// <summary>Does something on a rack that nobody else uses, once there is one, and leaves nothing broken there.</summary>
    internal async Task<T> On<T>(Func<MatrixRack, Task<T>> act)
    {
        var rack = await _free.Reader.ReadAsync(TestContext.Current.CancellationToken);
        try
        {
            var result = await act(rack);
            rack.RequireModels();
            return result;
        }
        finally
        {
            foreach (var service in rack.Services) service.Heal();
            await _free.Writer.WriteAsync(rack, CancellationToken.None);
        }
    }
}
