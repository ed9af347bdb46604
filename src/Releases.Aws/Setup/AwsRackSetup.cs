namespace Releases.Aws;

/// <summary>Sets up the resources of a rack on AWS: a table, a key, and what a service needs in addition.</summary>
/// <param name="connection">An existing connection, or null to create one with the usual AWS chain.</param>
internal sealed class AwsRackSetup(AwsConnection? connection) : IRackSetup
{
    public string Template
    {
        get
        {
            using var resource = typeof(AwsRackSetup).Assembly.GetManifestResourceStream("rack.template.yml")!;
            using var reader = new StreamReader(resource);
            return reader.ReadToEnd();
        }
    }

    public AppTemplate TemplateOf(AppName app, Manifest manifest, RackAddress? address) =>
        AppTemplateWriter.Write(app, manifest, address is null ? null : AwsAddress.TryParse(address.Text)!.Cluster);

    public Task Init(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel)
    {
        var cluster = AwsAddress.TryParse(address.Text)!;
        return InitRack.Run(cluster, connection ?? new(cluster.Region, time), note, cancel);
    }

    public async Task<PushTarget> AgentImageTarget(RackAddress address, TimeProvider time, CancellationToken cancel)
    {
        var cluster = AwsAddress.TryParse(address.Text)!;
        var aws = connection ?? new(cluster.Region, time);
        await aws.RequireCredentials(cancel);
        using var clients = aws.Clients();
        return await new EcrImages(clients.Ecr, cluster.Region, aws.Registry, aws.Time)
            .Target(AwsNames.AgentRepository(cluster.Cluster), cancel);
    }

    public Task<RackCheck> Check(
        RackAddress address, AppName app, Manifest? manifest, TimeProvider time, CancellationToken cancel)
    {
        var cluster = AwsAddress.TryParse(address.Text)!;
        return CheckRack.Run(cluster, app, manifest, connection ?? new(cluster.Region, time), cancel);
    }
}
